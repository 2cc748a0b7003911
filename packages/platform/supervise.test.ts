import { AsyncResource } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import type { Health } from '@warren/contracts/http/status'
import { expect, it, vi } from 'vitest'
import { silentLog } from './log.testing.ts'
import type { RunningService } from './service.ts'
import { supervise } from './supervise.ts'
import { routeUnexpected } from './unexpected.ts'

const log = silentLog()

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

it('starts the one again whose work threw where nobody catches, and no other', async () => {
  const source = new EventEmitter()
  const nobodys: unknown[] = []
  const stop = routeUnexpected((error) => nobodys.push(error), source)
  const throwLater: (() => void)[] = []
  const starts = { poller: 0, api: 0 }
  const one = (name: 'poller' | 'api') =>
    supervise({
      name,
      log,
      backoff: { firstMs: 1, maxMs: 1 },
      start: async () => {
        starts[name]++
        // As Node does with what a timer of the service throws.
        setImmediate(() => {
          const throwNow = AsyncResource.bind(() =>
            source.emit('uncaughtException', new Error(name)),
          )
          throwLater.push(throwNow)
        })
        return service()
      },
    })
  const [poller, api] = [one('poller'), one('api')]
  await vi.waitFor(() => expect(throwLater).toHaveLength(2))
  throwLater[0]?.()
  await vi.waitFor(() => expect(starts).toEqual({ poller: 2, api: 1 }))
  expect(nobodys).toEqual([])
  source.emit('uncaughtException', 'nobody')
  expect(nobodys).toEqual(['nobody'])
  await Promise.all([poller.close(), api.close()])
  stop()
  expect(source.listenerCount('uncaughtException')).toBe(0)
})

it('starts again while the one that failed hangs as it starts', async () => {
  vi.useFakeTimers()
  let starts = 0
  const source = new EventEmitter()
  const stop = routeUnexpected(() => undefined, source)
  const supervised = supervise({
    name: 'poller',
    log,
    backoff: { firstMs: 1, maxMs: 1 },
    start: async () => {
      if (++starts > 1) return service()
      queueMicrotask(() => source.emit('uncaughtException', new Error('boom')))
      return new Promise(() => undefined)
    },
  })
  await vi.advanceTimersByTimeAsync(29_000)
  expect(starts).toBe(1)
  await vi.advanceTimersByTimeAsync(2000)
  vi.useRealTimers()
  await vi.waitFor(() => expect(supervised.health()[0]?.state).toBe('green'))
  await supervised.close()
  stop()
})
