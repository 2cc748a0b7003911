import { storeError, toQuestionError } from '@warren/stores/duckdb/store-error'
import { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Refusal } from '../http/refusal.ts'
import { createAskStore } from './ask-store.ts'
import { Room } from './memory/answer-room.ts'
import { newTrail } from './trail.ts'

const limits = {
  ...{ concurrent: 1, concurrentPerTenant: 1, queued: 100, queuedPerTenant: 100 },
  concurrentAlertsPerTenant: 1,
}

/** A store that is asked one thing at a time, each of which ends when it is told to. */
function startStore() {
  const { askStore } = createAskStore(limits, { metrics: false, logs: false }, new Registry())
  const ends: (() => void)[] = []
  const ask = (tenant: string, { signal = new AbortController().signal } = {}) =>
    askStore(
      { tenant, credential: tenant, isAlert: false, signal, trail: newTrail() },
      { store: 'metrics', cost: 1, ask: () => new Promise<void>((resolve) => ends.push(resolve)) },
    )
  const endNext = async () => {
    ends.shift()?.()
    await vi.advanceTimersByTimeAsync(0)
  }
  return { ask, endNext }
}

const passed = async (ms: number) => void (await vi.advanceTimersByTimeAsync(ms))

const late = new Refusal('query_deadline', 'the query took longer than 20 s')

/** Asks with a deadline that comes when `meanwhile` is over, before it is its turn; what it is told. */
async function askInVain(store: ReturnType<typeof startStore>, meanwhile: () => Promise<void>) {
  const deadline = new AbortController()
  const refused = store.ask('z', deadline).catch((error: unknown) => error as Refusal)
  await meanwhile()
  deadline.abort(late)
  const { message, retryAfterS = Number.NaN } = (await refused) as Refusal
  expect(message).toContain(`its turn at the store, which is busy; retry in ${retryAfterS} s`)
  return retryAfterS
}

async function dropsOf(registry: Registry) {
  const read = await registry.getSingleMetric('warren_api_store_drops_total')?.get()
  return read?.values.reduce((sum, { value }) => sum + value, 0)
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('sends who has waited in vain back later the longer no turn was free', async () => {
  const store = startStore()
  void store.ask('a')
  const shortly = await askInVain(store, () => passed(4000))
  expect(shortly).toBeGreaterThanOrEqual(4)
  expect(shortly).toBeLessThanOrEqual(6)
  const long = await askInVain(store, () => passed(20_000))
  expect(long).toBeGreaterThanOrEqual(20)
  expect(long).toBeLessThanOrEqual(30)
})

it('sends who has waited in vain behind others of its tenant back at the pace of their turns', async () => {
  const store = startStore()
  for (let query = 0; query < 50; query++) void store.ask('z')
  const seconds = await askInVain(store, async () => {
    for (let query = 0; query < 10; query++) {
      await vi.advanceTimersByTimeAsync(100)
      await store.endNext()
    }
  })
  // Ten had their turn in a second, and forty would be before it.
  expect(seconds).toBeGreaterThanOrEqual(4)
  expect(seconds).toBeLessThanOrEqual(6)
})

it('does not blame the store for answers that wait for memory at their deadline', async () => {
  const registry = new Registry()
  const { askStore } = createAskStore(limits, { metrics: false, logs: false }, registry)
  const room = new Room(1024 ** 2)
  void room.open({ signal: () => new AbortController().signal }).take(1024 ** 2)
  const drops = () => dropsOf(registry)
  const askInVain = async (bytes: number): Promise<void> => {
    const deadline = new AbortController()
    const { signal } = deadline
    const share = room.open({ signal: () => signal })
    const asker = { tenant: 'a', credential: 'a', isAlert: false, signal, share, trail: newTrail() }
    const answer = askStore(asker, {
      ...{ store: 'metrics', cost: 1 },
      ask: async () => {
        await share.take(bytes)
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(late)))
      },
    })
    await passed(0)
    deadline.abort(late)
    await expect(answer).rejects.toBe(late)
    await passed(0)
  }
  await askInVain(1024 ** 2)
  expect(await drops()).toBe(0)
  await askInVain(1)
  expect(await drops()).toBe(1)
})

it.each([
  [new TypeError('x is not a function'), 0],
  [toQuestionError(new RangeError('Invalid time value')), 0],
  [storeError('worker_died', "the embedded store's thread ended"), 1],
  [toQuestionError(new Error('IO Error: cannot read')), 1],
])('after %s the store has dropped %i', async (error, count) => {
  const registry = new Registry()
  const { askStore } = createAskStore(limits, { metrics: false, logs: false }, registry)
  const { signal } = new AbortController()
  const asker = { tenant: 'a', credential: 'a', isAlert: false, signal, trail: newTrail() }
  const answer = askStore(asker, { store: 'logs', cost: 1, ask: () => Promise.reject(error) })
  await expect(answer).rejects.toBe(error)
  await passed(0)
  expect(await dropsOf(registry)).toBe(count)
})
