import { WarrenError } from '@warren/platform/errors'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createStoreGate } from './store-gate.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const { signal } = new AbortController()
const away = (retryAfterMs?: number) =>
  new WarrenError('away', {
    code: 'store_unavailable',
    disposition: 'retry',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })

interface Attempt {
  readonly name: string
  readonly end: () => void
  readonly fail: (error?: Error) => void
}

function setUp(maxSlots = 4) {
  const attempts: Attempt[] = []
  const changes: string[] = []
  const gate = createStoreGate({
    maxSlots,
    // Pauses of 1, 2, 4, 8 and 8 s, without jitter.
    pause: { firstMs: 1000, maxMs: 8000, random: () => 1 },
    onChange: (state, pauseMs) => changes.push(pauseMs > 0 ? `${state} ${pauseMs}` : state),
    now: () => Date.now(),
  })
  const write = (name: string, given = signal) =>
    gate.write(
      () =>
        new Promise<string>((resolve, reject) => {
          const fail = (error: Error = away()) => reject(error)
          attempts.push({ name, end: () => resolve(name), fail })
        }),
      given,
    )
  const begin = (name: string) => void write(name).catch(() => undefined)
  const failOne = async (error?: Error) => {
    begin('bad')
    await vi.advanceTimersByTimeAsync(0)
    attempts.at(-1)?.fail(error)
    await vi.advanceTimersByTimeAsync(0)
  }
  return {
    gate,
    attempts,
    changes,
    write,
    begin,
    failOne,
    names: () => attempts.map((a) => a.name),
  }
}

it('lets as many through as there are slots, the others in their order', async () => {
  const { attempts, begin, names } = setUp(2)
  for (const name of ['a', 'b', 'c', 'd']) begin(name)
  await vi.advanceTimersByTimeAsync(0)
  expect(names()).toEqual(['a', 'b'])
  attempts[1]?.end()
  await vi.advanceTimersByTimeAsync(0)
  expect(names()).toEqual(['a', 'b', 'c'])
})

it('opens after three failures in a row, tries one write after the pause, and closes when that is answered', async () => {
  const { gate, attempts, changes, begin, failOne, names } = setUp()
  await failOne()
  await failOne()
  expect(gate.state).toBe('closed')
  await failOne()
  expect(gate.state).toBe('open')
  for (const name of ['a', 'b', 'c']) begin(name)
  await vi.advanceTimersByTimeAsync(999)
  expect(names()).toHaveLength(3)
  await vi.advanceTimersByTimeAsync(1)
  expect(names().slice(3)).toEqual(['a'])
  attempts[3]?.fail()
  await vi.advanceTimersByTimeAsync(2000)
  expect(names().slice(4)).toEqual(['b'])
  attempts[4]?.end()
  await vi.advanceTimersByTimeAsync(0)
  expect(names().slice(5)).toEqual(['c'])
  expect(changes).toEqual(['open 1000', 'half_open', 'open 2000', 'half_open', 'closed'])
  expect(gate.failures).toBe(0)
})

it('is not opened by one tenant that fails while others do not', async () => {
  const { gate, attempts, begin, failOne } = setUp()
  for (let round = 0; round < 10; round += 1) {
    await failOne()
    begin('fine')
    await vi.advanceTimersByTimeAsync(0)
    attempts.at(-1)?.end()
    await vi.advanceTimersByTimeAsync(0)
  }
  expect(gate.state).toBe('closed')
})

it('keeps away as long as the store asks, and no longer than five minutes', async () => {
  const { changes, failOne } = setUp()
  await failOne(away(7000))
  expect(changes).toEqual(['open 7000'])
  const greedy = setUp()
  await greedy.failOne(away(86_400_000))
  expect(greedy.changes).toEqual(['open 300000'])
})

it('takes a refusal of the batch for an answer', async () => {
  const { gate, failOne } = setUp()
  const refusal = new WarrenError('no', { code: 'refused', disposition: 'reject' })
  for (let round = 0; round < 5; round += 1) await failOne(refusal)
  expect(gate).toMatchObject({ state: 'closed', failures: 0, slots: 4, share: 1 })
})

it('halves slots and batches once for what failed together, and wins them back little by little', async () => {
  const { gate, attempts, begin } = setUp()
  for (const name of ['a', 'b', 'c', 'd']) begin(name)
  await vi.advanceTimersByTimeAsync(10)
  for (const { fail } of attempts.slice(0, 2)) fail()
  await vi.advanceTimersByTimeAsync(0)
  expect(gate).toMatchObject({ slots: 2, share: 0.5 })
  for (const { end } of attempts.slice(2)) end()
  await vi.advanceTimersByTimeAsync(0)
  for (let round = 0; round < 20; round += 1) {
    begin('next')
    await vi.advanceTimersByTimeAsync(0)
    attempts.at(-1)?.end()
    await vi.advanceTimersByTimeAsync(0)
  }
  expect(gate).toMatchObject({ slots: 4, share: 1 })
})

it('takes slow answers for overload', async () => {
  const { gate, attempts, begin } = setUp()
  for (let round = 0; round < 8; round += 1) {
    begin('slow')
    await vi.advanceTimersByTimeAsync(2500)
    attempts.at(-1)?.end()
    await vi.advanceTimersByTimeAsync(0)
  }
  expect(gate).toMatchObject({ state: 'closed', slots: 1, share: 1 / 64 })
})

it('says how long the oldest write has had no answer', async () => {
  const { gate, attempts, begin } = setUp()
  expect(gate.oldestMs).toBe(0)
  begin('a')
  await vi.advanceTimersByTimeAsync(1000)
  begin('b')
  await vi.advanceTimersByTimeAsync(1000)
  expect(gate.oldestMs).toBe(2000)
  attempts[0]?.end()
  await vi.advanceTimersByTimeAsync(0)
  expect(gate.oldestMs).toBe(1000)
})

it('lets those who wait leave', async () => {
  const { write, begin, names, attempts } = setUp(1)
  const closing = new AbortController()
  begin('a')
  const left = expect(write('b', closing.signal)).rejects.toThrow('closing')
  begin('c')
  closing.abort(new Error('closing'))
  await left
  await vi.advanceTimersByTimeAsync(0)
  attempts[0]?.end()
  await vi.advanceTimersByTimeAsync(0)
  expect(names()).toEqual(['a', 'c'])
})
