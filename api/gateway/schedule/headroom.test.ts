import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { Headroom, watchThread } from './headroom.ts'
import { Lane } from './lane.ts'

function open() {
  const clock = { nowMs: 0, used: 0.9 }
  const headroom = new Headroom(
    () => clock.nowMs,
    () => clock.used,
  )
  const again = vi.fn()
  return { clock, headroom, again, isShort: () => headroom.isShort(again) }
}

it('keeps nothing free while nobody asks little', () => {
  const { clock, headroom, isShort } = open()
  headroom.began()
  expect(isShort()).toBe(false)
  headroom.lightCame()
  expect(isShort()).toBe(true)
  clock.nowMs += 1001
  headroom.began()
  expect(isShort()).toBe(false)
})

it('lets one query follow the other, after a rest where the thread is busy, and says when to look again', async () => {
  const { clock, headroom, again, isShort } = open()
  headroom.lightCame()
  clock.used = 0.5
  const first = headroom.began()
  expect(isShort()).toBe(true)
  expect(isShort()).toBe(true)
  headroom.ended(first)
  expect(isShort()).toBe(false)
  clock.used = 0.7
  expect(isShort()).toBe(true)
  clock.nowMs += 5
  expect(isShort()).toBe(false)
  await vi.waitFor(() => expect(again).toHaveBeenCalledTimes(1))
})

it('does not wait for a query that takes long, nor where stores are what takes long', () => {
  const { clock, headroom, isShort } = open()
  headroom.lightCame()
  headroom.began()
  clock.nowMs += 21
  expect(isShort()).toBe(false)
  headroom.began()
  expect(isShort()).toBe(true)
  clock.used = 0.2
  expect(isShort()).toBe(false)
})

it('knows what part of its time the thread was busy of late', async () => {
  const used = watchThread()
  expect(used()).toBe(0)
  await sleep(30)
  used()
  await sleep(30)
  expect(used()).toBeLessThan(0.5)
  for (let round = 0; round < 4; round++) {
    for (const untilMs = performance.now() + 30; performance.now() < untilMs; );
    await sleep(0)
    used()
  }
  expect(used()).toBeGreaterThan(0.6)
})

it('of a lane, holds back who asks much, a moment at a time, and nobody else', async () => {
  let nowMs = 0
  const now = () => nowMs
  const headroom = new Headroom(now, () => 0.5)
  const limits = { running: () => 4, kept: () => 0, runningPerTenant: () => 4 }
  const lane = new Lane({ ...limits, waiting: 100, waitingPerTenant: 100 }, now, headroom)
  const signal = new AbortController().signal
  const take = (tenant: string) => lane.take({ tenant, group: 'all', cost: 1, signal })
  // Asks for ten seconds without ever waiting.
  for (; nowMs < 10_000; nowMs += 500) (await take('light'))()
  const order: string[] = []
  const flood = [1, 2].map(async (number) => {
    const end = await take('flood')
    order.push(`flood ${number}`)
    return end
  })
  const [endFirst] = [await flood[0]]
  expect([lane.running, lane.waiting]).toEqual([1, 1])
  const endLight = await take('light')
  expect([lane.running, lane.waiting]).toEqual([2, 1])
  endLight()
  expect(lane.waiting).toBe(1)
  endFirst?.()
  await flood[1]
  expect(order).toEqual(['flood 1', 'flood 2'])
})
