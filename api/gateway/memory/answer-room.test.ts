import { describe, expect, it } from 'vitest'
import { Refusal } from '../../http/refusal.ts'
import { Room } from './answer-room.ts'
import { Garbage } from './garbage.ts'
import type { RoomShare } from './room-share.ts'

const mb = 1024 ** 2
const late = new Refusal('query_deadline', 'the query took longer than 20 s')

function open(room: Room, signal = new AbortController().signal): RoomShare {
  return room.open({ signal: () => signal })
}

/** Takes, and tells when it has it. */
function take(share: RoomShare, bytes: number) {
  const state = { has: false, error: undefined as unknown }
  const turn = share.take(bytes)
  if (turn === undefined) state.has = true
  else
    turn.then(
      () => {
        state.has = true
      },
      (error: unknown) => {
        state.error = error
      },
    )
  return state
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

interface Heap {
  /** Of which V8 knows, alive or not. */
  held: number
  collected: number
}

function roomWith(heap: Heap): Room {
  const collect = () => {
    heap.collected += 1
  }
  return new Room(100 * mb, new Garbage(10 * mb, { collect, heldBytes: () => heap.held }))
}

it('has what large answers leave collected, each time that it is much', async () => {
  const heap = { held: 50 * mb, collected: 0 }
  const room = roomWith(heap)
  for (let count = 0; count < 100; count += 1) {
    const small = open(room)
    take(small, mb / 2)
    small.release()
  }
  await settled()
  expect(heap.collected).toBe(0)
  const large = open(room)
  take(large, 35 * mb)
  heap.held = 80 * mb
  large.settle(5 * mb)
  await settled()
  expect(heap.collected).toBe(1)
  large.release()
  await settled()
  expect(heap.collected).toBe(1)
})

it('leaves alone what V8 has collected by itself', async () => {
  const heap = { held: 50 * mb, collected: 0 }
  const room = roomWith(heap)
  const answer = async (held: number) => {
    heap.held = held
    const large = open(room)
    take(large, 20 * mb)
    large.release()
    await settled()
    return heap.collected
  }
  expect(await answer(54 * mb)).toBe(0)
  expect(await answer(45 * mb)).toBe(0)
  expect(await answer(51 * mb)).toBe(1)
  expect(await answer(55 * mb)).toBe(1)
  expect(await answer(57 * mb)).toBe(2)
})

describe('the memory for answers', () => {
  it('forgets an answer that took nothing, which would have the place of the oldest', () => {
    const room = new Room(100 * mb)
    const [nothing, first, second] = [open(room), open(room), open(room)]
    expect(take(nothing, 0).has).toBe(true)
    expect(take(first, 10 * mb).has).toBe(true)
    expect(take(second, 10 * mb).has).toBe(true)
    expect(take(first, 60 * mb).has).toBe(true)
  })

  it('lets the oldest fill it and all others half of it, and wait in their order', async () => {
    const room = new Room(100 * mb)
    const [first, second, third] = [open(room), open(room), open(room)]
    expect(take(first, 10 * mb).has).toBe(true)
    expect(take(second, 30 * mb).has).toBe(true)
    const more = take(third, 30 * mb)
    const evenMore = take(second, 30 * mb)
    expect([more.has, evenMore.has]).toEqual([false, false])
    expect(take(first, 60 * mb).has).toBe(true)
    expect(room.bytes).toBe(100 * mb)
    first.release()
    await settled()
    // The second is the oldest now.
    expect([evenMore.has, more.has]).toEqual([true, true])
    second.release()
    third.release()
    expect([room.bytes, room.waiting]).toEqual([0, 0])
  })

  it('lets what is small by while large ones wait', () => {
    const room = new Room(8 * mb)
    expect(take(open(room), 6 * mb).has).toBe(true)
    expect(take(open(room), 5 * mb).has).toBe(false)
    for (let count = 0; count < 12; count += 1) expect(take(open(room), 200_000).has).toBe(true)
    // Bounded as well: an eighth of it beside it.
    for (let count = 0; count < 2; count += 1) expect(take(open(room), 250_000).has).toBe(true)
    expect(take(open(room), 250_000).has).toBe(false)
  })

  it('gives one that is alone whatever it takes, and lets the oldest go on where all wait for each other', async () => {
    const room = new Room(10 * mb)
    const alone = open(room)
    expect(take(alone, 60 * mb).has).toBe(true)
    alone.release()
    const [first, second] = [open(room), open(room)]
    expect([take(first, 4 * mb).has, take(second, 4 * mb).has]).toEqual([true, true])
    const juniors = take(second, 20 * mb)
    const oldest = take(first, 20 * mb)
    await settled()
    expect([oldest.has, juniors.has]).toEqual([true, false])
    first.release()
    await settled()
    expect(juniors.has).toBe(true)
  })

  it('is not stuck while an answer is sent: its memory will come back', async () => {
    const room = new Room(10 * mb)
    const [sent, reading] = [open(room), open(room)]
    take(sent, 9 * mb)
    sent.settle(8 * mb)
    const letGo = [sent.hold(), sent.hold()]
    const more = take(reading, 5 * mb)
    await settled()
    expect(more.has).toBe(false)
    letGo[0]?.()
    letGo[0]?.()
    await settled()
    expect(more.has).toBe(false)
    letGo[1]?.()
    await settled()
    expect(more.has).toBe(true)
    expect(room.bytes).toBe(5 * mb)
  })

  it('ends the waiting at the deadline, with a reason that names it', async () => {
    let nowMs = 0
    const room = new Room(10 * mb, undefined, () => nowMs)
    const deadline = new AbortController()
    const [large, waiting] = [open(room), open(room, deadline.signal)]
    take(large, 10 * mb)
    expect(waiting.explain(late)).toBe(late)
    const more = take(waiting, 3 * mb)
    nowMs = 20_000
    deadline.abort(late)
    await settled()
    expect(more.error).toBe(late)
    const reason = waiting.explain(late)
    expect(reason).toMatchObject({ code: 'query_deadline' })
    const { retryAfterS = 0, message } = reason as Refusal
    expect(message).toMatch(/waited 0 s for memory/)
    // In twenty seconds nobody got any.
    expect(retryAfterS).toBeGreaterThanOrEqual(20)
    expect(message).toMatch(new RegExp(`retry in ${retryAfterS} s$`))
    expect(waiting.explain(new Error('other'))).toEqual(new Error('other'))
    expect(room.waiting).toBe(0)
    large.release()
    expect(room.bytes).toBe(0)
    // After its end nothing is counted.
    large.release()
    expect(take(large, mb).has).toBe(true)
    expect(room.bytes).toBe(0)
  })
})
