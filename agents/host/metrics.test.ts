import type { Publisher } from '@warren/broker/publisher'
import { createHealthCell } from '@warren/platform/health-cell'
import { silentLog } from '@warren/platform/log.testing'
import type { Spool } from '@warren/spool/spool'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Collection } from './collect.ts'
import { runMetrics } from './metrics.ts'

/** An agent whose disk and broker work or not as said. */
async function rig() {
  const works = { disk: false, broker: false }
  const health = createHealthCell('agent metrics')
  const stopping = new AbortController()
  const fail = (what: string) => Promise.reject(new Error(what))
  const running = runMetrics(
    {
      collection: {
        collect: async () => 'up value=1\n',
        errors: 0,
        close: () => undefined,
      } as Collection,
      spool: {
        append: () => (works.disk ? Promise.resolve() : fail('ENOSPC')),
        drain: () => Promise.resolve(),
      } as unknown as Spool,
      publisher: {
        publish: () => (works.broker ? Promise.resolve() : fail('no broker')),
      } as unknown as Publisher,
      ...{ key: 'key', config: { intervalMs: 20, compression: 'none' }, health, log: silentLog() },
    },
    stopping.signal,
  )
  onTestFinished(async () => {
    stopping.abort()
    await running
  })
  return {
    works,
    becomes: (state: string, why: RegExp) =>
      vi.waitFor(() => {
        const { reason, ...now } = health.read()
        expect(now).toMatchObject({ state })
        expect(reason ?? '').toMatch(why)
      }),
  }
}

test('it is red while collections are lost, yellow while they are sent without the spool, and green once the spool takes them', async () => {
  const { works, becomes } = await rig()
  await becomes('red', /is lost: .*ENOSPC.*no broker/)
  works.broker = true
  await becomes('yellow', /ENOSPC/)
  works.disk = true
  await becomes('green', /^$/)
})
