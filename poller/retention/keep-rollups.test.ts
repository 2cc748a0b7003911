import { silentLog } from '@warren/platform/log.testing'
import type { RollupRound } from '@warren/stores/metrics/metric-store'
import { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keepRollups, rollUpOnce } from './keep-rollups.ts'

const log = silentLog()
const done: RollupRound = { windows: 26, waiting: 0, failed: [] }
const options = (rollUp: (nowMs: number) => Promise<RollupRound>) => ({
  ...{ rollUp, log, registry: new Registry() },
  now: () => 1_000_000,
})

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('makes a round every half minute, and the next one soon while something waits', async () => {
  const answers = [done, { ...done, waiting: 1 }, done]
  const rollUp = vi.fn(async () => answers.shift() ?? done)
  const rollups = keepRollups(options(rollUp))
  const roundsAfter = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms)
    return rollUp.mock.calls.length
  }
  expect(await roundsAfter(29_999)).toBe(0)
  expect(await roundsAfter(1)).toBe(1)
  expect(await roundsAfter(30_000)).toBe(2)
  expect(await roundsAfter(1100)).toBe(3)
  expect(await roundsAfter(29_000)).toBe(3)
  expect(rollups.health()).toMatchObject({ state: 'green' })
  await rollups.close()
  expect(await roundsAfter(120_000)).toBe(3)
})

it('is yellow after a round that failed, and green after the next', async () => {
  const answers: (() => Promise<RollupRound>)[] = [
    async () => ({ ...done, failed: ['acme, 2026-03-03: the disk is full'] }),
    () => Promise.reject(new Error('the store is away')),
  ]
  const rollups = keepRollups(options(() => answers.shift()?.() ?? Promise.resolve(done)))
  await vi.advanceTimersByTimeAsync(30_000)
  expect(JSON.stringify(rollups.health())).toContain('acme, 2026-03-03: the disk is full')
  await vi.advanceTimersByTimeAsync(30_000)
  expect(JSON.stringify(rollups.health())).toContain('the store is away')
  await vi.advanceTimersByTimeAsync(30_000)
  expect(rollups.health()).toMatchObject({ state: 'green' })
  await rollups.close()
})

it('waits for the present round when it is closed', async () => {
  const { promise, resolve } = Promise.withResolvers<RollupRound>()
  const rollups = keepRollups(options(() => promise))
  await vi.advanceTimersByTimeAsync(30_000)
  let isClosed = false
  const closed = rollups.close().then(() => {
    isClosed = true
  })
  await vi.advanceTimersByTimeAsync(1000)
  expect(isClosed).toBe(false)
  resolve(done)
  await closed
})

it('counts windows and failures, and says how long the oldest window has waited', async () => {
  const given = options(async () => ({
    ...{ windows: 3, waiting: 2, failed: ['acme, 2026-03-03: no'] },
    waitingSinceMs: 940_000,
  }))
  expect(await rollUpOnce(given)).toEqual({ failure: 'acme, 2026-03-03: no', isBehind: true })
  const counted = await given.registry.metrics()
  expect(counted).toContain('warren_poller_rollup_windows_total 3')
  expect(counted).toContain('warren_poller_rollup_failures_total 1')
  expect(counted).toContain('warren_poller_rollup_days_waiting 2')
  expect(counted).toContain('warren_poller_rollup_lag_seconds 60')
  await rollUpOnce({ ...given, rollUp: async () => done })
  expect(await given.registry.metrics()).toContain('warren_poller_rollup_lag_seconds 0')
})
