import { WarrenError } from '@warren/platform/errors'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { metrics, openTestPoller, patience, pointsOf, type TestPoller } from './testing.ts'

const consumerTimeoutMs = 4000
let rig: TestPoller

beforeAll(async () => {
  rig = await openTestPoller(undefined, {}, { consumerTimeoutMs })
})
afterAll(async () => {
  await rig?.stop()
  await rig?.close()
})

const queue = () => rig.poller.health().find(({ part }) => part === 'poller/queue poller.metrics.0')

test("a store that is away for longer than the broker's consumer_timeout: messages are given back in time, once, and stored when it is back", async () => {
  await rig.start({ maxHoldMs: consumerTimeoutMs / 2 })
  rig.outage.metrics = new WarrenError('away', { code: 'store_away', disposition: 'retry' })
  const reasons = new Set<string | null | undefined>()
  const watch = setInterval(() => reasons.add(queue()?.reason), 20)
  for (let part = 0; part < 20; part += 1)
    await rig.publisher.publish(metrics(pointsOf('held', 10, part * 10)))
  await expect.poll(() => rig.counter('messages_total'), patience).toBe(20)
  // The broker looks as often as its timeout is long: after three times that it would have taken them away.
  await new Promise((resolve) => setTimeout(resolve, 3 * consumerTimeoutMs))
  expect((await rig.broker.queues.look('poller.metrics.0'))?.messages).toBe(20)
  // None was taken a second time while the store is away.
  expect(await rig.counter('messages_total')).toBe(20)
  rig.outage.metrics = undefined
  await expect.poll(() => rig.countOf('held'), patience).toEqual([200, 199])
  await expect.poll(queue, patience).toMatchObject({ state: 'green' })
  await expect
    .poll(async () => (await rig.broker.queues.look('poller.metrics.0'))?.messages, patience)
    .toBe(0)
  clearInterval(watch)
  expect([...reasons].join()).toContain('back in the queue')
  // The broker's words when it is too late: https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout
  expect([...reasons].join()).not.toContain('timeout')
  expect(await rig.parked()).toEqual([])
})
