import { WarrenError } from '@warren/platform/errors'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  logs,
  metrics,
  openTestPoller,
  patience,
  pointsOf,
  recordsOf,
  type TestPoller,
} from './testing.ts'

let rig: TestPoller

const away = new WarrenError('the store is away', { code: 'store_away', disposition: 'retry' })

beforeAll(async () => {
  rig = await openTestPoller()
})
afterAll(() => rig?.close())
beforeEach(async () => {
  Object.assign(rig.outage, { metrics: undefined, logs: undefined })
  await rig.start()
})
afterEach(() => rig.stop())

const partOf = (name: string) => rig.poller.health().find(({ part }) => part === `poller/${name}`)

test('while one store is away its messages wait, unacknowledged and not requeued, and the other stream flows', async () => {
  rig.outage.metrics = away
  await rig.publisher.publish(metrics(pointsOf('waiting', 10)))
  await rig.publisher.publish(logs(recordsOf('flowing', 10), { key: 'acme.web.host1' }))
  await expect
    .poll(() => partOf('metrics store'), patience)
    .toMatchObject({ state: 'red', reason: expect.stringContaining('the store is away') })
  await expect
    .poll(() => rig.logStore.streams('acme'), patience)
    .toContain('logs-warren.flowing-acme')
  await expect.poll(() => rig.counter('write_retries_total'), patience).toBeGreaterThan(2)
  expect(await rig.counter('messages_total')).toBe(2)
  rig.outage.metrics = undefined
  await expect.poll(() => rig.countOf('waiting'), patience).toEqual([10, 9])
  expect(partOf('metrics store')).toMatchObject({ state: 'green' })
  expect(await rig.counter('messages_total')).toBe(2)
  expect(await rig.parked()).toEqual([])
})

test('dead letters wait for the catalog', async () => {
  // Makes the tenant known: an unknown one is asked for, and waits for the catalog too.
  await rig.publisher.publish(metrics(pointsOf('known', 1)))
  await expect.poll(() => rig.countOf('known'), patience).toEqual([1, 0])
  rig.catalog.cut()
  await rig.publisher.publish(metrics('nonsense'))
  await expect.poll(() => rig.counter('items_parked_total'), patience).toBe(1)
  await expect
    .poll(() => partOf('catalog'), patience)
    .toMatchObject({ state: 'red', reason: expect.stringContaining('catalog') })
  rig.catalog.mend()
  await expect.poll(() => rig.parked(), patience).toMatchObject([{ code: 'malformed' }])
  await expect.poll(() => partOf('catalog'), patience).toMatchObject({ state: 'green' })
})

test('a poller that closes while its store is away gives its messages back, and the next one stores them', async () => {
  rig.outage.metrics = away
  await rig.publisher.publish(metrics(pointsOf('handed', 10)))
  await expect.poll(() => rig.counter('messages_total'), patience).toBe(1)
  await rig.stop()
  await expect(rig.poller.ended).resolves.toBeUndefined()
  rig.outage.metrics = undefined
  await rig.start()
  await expect.poll(() => rig.countOf('handed'), patience).toEqual([10, 9])
})

test('a fatal error of a store ends the poller', async () => {
  rig.outage.metrics = new WarrenError('a newer version wrote this folder', {
    code: 'store_version',
    disposition: 'fatal',
  })
  await rig.publisher.publish(metrics(pointsOf('fatal', 1)))
  await expect(rig.poller.ended).rejects.toMatchObject({ code: 'store_version' })
  await rig.stop()
  rig.outage.metrics = undefined
  await rig.start()
  await expect.poll(() => rig.countOf('fatal'), patience).toEqual([1, 0])
})

test('kill -9 of the broker while messages flow: nothing is lost and nothing doubled', async () => {
  const messages = 300
  let next = 0
  let confirmed = 0
  const send = async () => {
    while (next < messages) {
      const first = next++ * 100
      const message = metrics(pointsOf('flow', 100, first), { messageId: `flow-${first}` })
      while (
        !(await rig.publisher.publish(message).then(
          () => true,
          () => false,
        ))
      );
      confirmed += 1
    }
  }
  const senders = Promise.all(Array.from({ length: 10 }, send))
  await expect.poll(() => confirmed, { timeout: 30_000, interval: 5 }).toBeGreaterThan(100)
  await rig.server.kill()
  await rig.server.start()
  await senders
  await expect
    .poll(() => rig.countOf('flow'), patience)
    .toEqual([messages * 100, messages * 100 - 1])
})
