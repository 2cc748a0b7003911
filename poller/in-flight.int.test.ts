import { gzipSync } from 'node:zlib'
import { WarrenError } from '@warren/platform/errors'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { metrics, openTestPoller, patience, pointsOf, type TestPoller } from './testing.ts'

let rig: TestPoller
beforeAll(async () => {
  rig = await openTestPoller()
})
afterAll(() => rig?.close())
afterEach(() => rig.stop())

const away = new WarrenError('away', { code: 'store_away', disposition: 'retry' })
const mebibyte = 1024 ** 2

/** The most that was in flight until the condition held. */
async function mostUntil(gauge: string, isOver: () => Promise<boolean>): Promise<number> {
  let most = 0
  const look = async () => {
    most = Math.max(most, await rig.counter(gauge))
    return isOver()
  }
  await expect.poll(look, { ...patience, interval: 5 }).toBe(true)
  return most
}

test('small messages are bounded by their points while the store is away, however many the broker has handed out', async () => {
  await rig.start({ maxInFlightItems: 1000, prefetch: 1000 })
  rig.outage.metrics = away
  for (let part = 0; part < 100; part += 1)
    await rig.publisher.publish(metrics(pointsOf('small', 100, part * 100)))
  const taken = () => rig.counter('messages_total')
  const held = await mostUntil('in_flight_items', async () => (await taken()) === 100)
  // Shown while they wait, not only afterwards.
  expect(held).toBeGreaterThan(500)
  rig.outage.metrics = undefined
  const stored = async () => (await rig.counter('items_stored_total')) === 10_000
  expect(Math.max(held, await mostUntil('in_flight_items', stored))).toBeLessThanOrEqual(1000)
  expect(await rig.countOf('small')).toEqual([10_000, 9999])
  await expect.poll(() => rig.counter('in_flight_items'), patience).toBe(0)
})

test('packed messages are bounded by the bytes that they become', async () => {
  const maxInFlightBytes = 8 * mebibyte
  await rig.start({ maxInFlightBytes, prefetch: 1000 })
  rig.outage.metrics = away
  // 2 MB each, in some hundred kilobytes.
  const [messages, points] = [10, 40_000]
  for (let part = 0; part < messages; part += 1) {
    const body = gzipSync(pointsOf('large', points, part * points))
    await rig.publisher.publish(metrics(body, { contentEncoding: 'gzip' }))
  }
  const waits = async () => (await rig.counter('write_retries_total')) > 3
  const held = await mostUntil('in_flight_bytes', waits)
  expect(held).toBeGreaterThan(mebibyte)
  rig.outage.metrics = undefined
  const stored = async () => (await rig.counter('items_stored_total')) === messages * points
  const most = Math.max(held, await mostUntil('in_flight_bytes', stored))
  expect(most).toBeLessThanOrEqual(maxInFlightBytes)
  expect(await rig.countOf('large')).toEqual([messages * points, messages * points - 1])
})
