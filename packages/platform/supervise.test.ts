import type { Health } from '@warren/contracts/http/status'
import { expect, it, vi } from 'vitest'
import { createLog } from './log.ts'
import type { RunningService } from './service.ts'
import { supervise } from './supervise.ts'

const log = createLog({ service: 'test', level: 'silent', pretty: false })
log.silent = true

function service(): RunningService & { fail: (error: Error) => void; closed: number } {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const green: Health = {
    part: 'poller',
    state: 'green',
    reason: null,
    since: '2026-01-01T00:00:00Z',
  }
  return {
    ended: promise,
    fail: reject,
    closed: 0,
    health: () => [green],
    async close() {
      this.closed++
      resolve()
    },
  }
}

it('starts a failed service again, red in between, and closes the one that runs', async () => {
  const made = [service(), service()] as const
  const again = Promise.withResolvers<void>()
  let starts = 0
  const supervised = supervise({
    name: 'poller',
    log,
    backoff: { firstMs: 1, maxMs: 1 },
    start: async () => {
      if (starts > 0) await again.promise
      return made[starts++] ?? service()
    },
  })
  await vi.waitFor(() => expect(supervised.health()[0]?.state).toBe('green'))
  made[0].fail(new Error('boom'))
  await vi.waitFor(() => {
    expect(supervised.health()[0]).toMatchObject({ part: 'poller', state: 'red' })
    expect(supervised.health()[0]?.reason).toContain('boom')
  })
  again.resolve()
  await vi.waitFor(() => expect(supervised.health()[0]?.state).toBe('green'))
  expect(made[0].closed).toBe(1)
  await supervised.close()
  await supervised.close()
  expect(made[1].closed).toBeGreaterThan(0)
  expect(starts).toBe(2)
})

it('keeps trying while the start itself throws', async () => {
  let starts = 0
  const supervised = supervise({
    name: 'poller',
    log,
    backoff: { firstMs: 1, maxMs: 2 },
    start: async () => {
      if (++starts < 4) throw new Error('not yet')
      return service()
    },
  })
  await vi.waitFor(() => expect(supervised.health()[0]?.state).toBe('green'))
  await supervised.close()
  expect(starts).toBe(4)
})
