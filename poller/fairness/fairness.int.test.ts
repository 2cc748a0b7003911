import { gzipSync } from 'node:zlib'
import { headers } from '@warren/contracts/message'
import { overflowExchange, overflowQueue } from '@warren/contracts/overflow'
import { exchanges } from '@warren/contracts/topology'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { metrics, openTestPoller, patience, pointsOf, type TestPoller } from '../testing.ts'

let rig: TestPoller

beforeAll(async () => {
  rig = await openTestPoller()
})
afterAll(() => rig?.close())
afterEach(() => rig.stop())

const acme = { key: 'acme.web.host1' }
const queue = overflowQueue({ stream: 'metrics', tenant: 'acme', maxBytes: 1024 ** 3 })
const limited = { fairness: { tenants: { acme: { itemsPerSecond: 500 } } } }

/** Few points in many bytes. */
const wide = (name: string, first: number): string =>
  pointsOf(name, 100, first).replaceAll(' v=', ` pad="${'x'.repeat(9000)}",v=`)

test('a tenant above its limit waits in a queue of its own, at its rate, and loses nothing; another one passes it', async () => {
  await rig.start(limited)
  const timeNs = `${BigInt(Date.now()) * 1_000_000n}`
  const startedAt = performance.now()
  // A debt of four seconds, before anything else is looked at.
  await rig.publisher.publish(metrics(pointsOf('limited', 3000), acme))
  await expect.poll(() => rig.countOf('limited', 'acme'), patience).toEqual([3000, 2999])
  for (let part = 30; part < 40; part += 1)
    await rig.publisher.publish(metrics(pointsOf('limited', 100, part * 100), acme))
  // What a message says beside its body comes along.
  await rig.publisher.publish(
    metrics('timed v=7', { ...acme, messageId: 'own-id', headers: { [headers.timeNs]: timeNs } }),
  )
  await rig.publisher.publish(metrics('nonsense', { ...acme, messageId: 'bad-id' }))
  await rig.publisher.publish(metrics(pointsOf('unlimited', 10)))
  await expect.poll(() => rig.countOf('unlimited'), patience).toEqual([10, 9])
  expect(await rig.counter('messages_moved_total')).toBeGreaterThan(5)
  await expect.poll(() => rig.countOf('limited', 'acme'), patience).toEqual([4000, 3999])
  // A thousand at once, then five hundred a second.
  expect(performance.now() - startedAt).toBeGreaterThan(1500)
  await expect.poll(() => rig.countOf('timed', 'acme'), patience).toEqual([1, 7])
  await expect
    .poll(() => rig.parked(), patience)
    .toMatchObject([
      { code: 'malformed', origin: { exchange: exchanges.metrics, message_id: 'bad-id' } },
    ])
  await expect
    .poll(async () => (await rig.broker.queues.look(queue.name))?.messages, patience)
    .toBe(0)
})

test('a limit of bytes counts what packed messages become, and delays nobody else', async () => {
  await rig.start({ fairness: { tenants: { acme: { bytesPerSecond: 100_000 } } } })
  const startedAt = performance.now()
  // 900 kB each, in some kilobytes.
  for (let part = 0; part < 2; part += 1) {
    const body = gzipSync(wide('heavy', part * 100))
    await rig.publisher.publish(metrics(body, { ...acme, contentEncoding: 'gzip' }))
    const first = [(part + 1) * 100, (part + 1) * 100 - 1]
    // The second waits for what the first one owes: 900 kB but for two seconds' worth.
    if (part === 0) await expect.poll(() => rig.countOf('heavy', 'acme'), patience).toEqual(first)
  }
  await rig.publisher.publish(metrics(pointsOf('light', 10)))
  await expect.poll(() => rig.countOf('light'), patience).toEqual([10, 9])
  expect(await rig.countOf('heavy', 'acme')).toEqual([100, 99])
  await expect.poll(() => rig.countOf('heavy', 'acme'), patience).toEqual([200, 199])
  expect(performance.now() - startedAt).toBeGreaterThan(4000)
  expect(await rig.counter('messages_moved_total')).toBe(1)
})

test('a limit of points counts those that are refused or left out, too', async () => {
  await rig.start(limited)
  await rig.publisher.publish(metrics('nonsense\n'.repeat(4000), acme))
  await expect.poll(() => rig.counter('items_parked_total'), patience).toBeGreaterThan(0)
  await rig.publisher.publish(metrics(pointsOf('indebted', 10), acme))
  await expect.poll(() => rig.countOf('indebted', 'acme'), patience).toEqual([10, 9])
  expect(await rig.counter('messages_moved_total')).toBe(1)
  // A thousand, and one of the rest: so that none comes in the midst of what follows.
  const letters = () => rig.catalog.catalog.deadLetters.count('acme')
  await expect.poll(letters, patience).toBeGreaterThan(1000)
})

test('a message without any time stays without one on its way', async () => {
  await rig.start({ fairness: { tenants: { acme: { itemsPerSecond: 100 } } } })
  await rig.publisher.publish(metrics(pointsOf('debt', 700), acme))
  await expect.poll(() => rig.countOf('debt', 'acme'), patience).toEqual([700, 699])
  await rig.publisher.publish(metrics('timeless v=1', { ...acme, timestamp: null }))
  await expect
    .poll(() => rig.parked(), patience)
    .toMatchObject([{ code: 'no_timestamp', tenant: 'acme' }])
  expect(await rig.counter('messages_moved_total')).toBe(1)
})

test('a poller that was killed between the move and the acknowledgement leaves a message twice, which is stored once', async () => {
  await rig.start()
  await rig.poller.close()
  if ((await rig.broker.queues.look(queue.name)) === undefined)
    await rig.broker.queues.create(queue)
  const sender = rig.broker.publisher()
  for (const exchange of [exchanges.metrics, overflowExchange('metrics')])
    for (let part = 0; part < 5; part += 1)
      await sender.publish(
        metrics(pointsOf('twice', 10, part * 10), { ...acme, exchange, messageId: `m-${part}` }),
      )
  await rig.stop()
  await rig.start()
  await expect.poll(() => rig.countOf('twice', 'acme'), patience).toEqual([50, 49])
  await expect.poll(() => rig.counter('messages_total'), patience).toBe(10)
  expect(await rig.countOf('twice', 'acme')).toEqual([50, 49])
})

test('a flood moves out of the way of others, but not of nobody', async () => {
  // Messages wait for others, so that much is in flight however fast the store is.
  const settings = {
    maxInFlightBytes: 8 * 1024 ** 2,
    batch: { maxItems: 1_000_000, maxBytes: 64 * 1024 ** 2, maxWaitMs: 1000 },
  }
  /** While no poller takes anything. */
  const flood = async (name: string) => {
    for (let part = 0; part < 12; part += 1)
      await rig.publisher.publish(metrics(wide(name, part * 100), acme))
  }
  const restart = async () => {
    await rig.stop()
    await rig.start(settings)
  }
  const stored = { timeout: 60_000, interval: 500 }
  await rig.start()
  await rig.poller.close()
  await flood('alone')
  await restart()
  await expect.poll(() => rig.countOf('alone', 'acme'), stored).toEqual([1200, 1199])
  expect(await rig.counter('messages_moved_total')).toBe(0)

  await rig.poller.close()
  await rig.publisher.publish(metrics(pointsOf('small', 1)))
  await flood('beside')
  await rig.publisher.publish(metrics(pointsOf('small', 1, 1)))
  await restart()
  await expect.poll(() => rig.countOf('small'), patience).toEqual([2, 1])
  await expect.poll(() => rig.countOf('beside', 'acme'), stored).toEqual([1200, 1199])
  expect(await rig.counter('messages_moved_total')).toBeGreaterThan(0)
  expect(await rig.parked()).toEqual([])
})
