import { afterEach, expect, test } from 'vitest'
import { metrics, openTestPoller, patience, pointsOf, type TestPoller } from '../testing.ts'

let rig: TestPoller | undefined

afterEach(async () => {
  await rig?.stop()
  await rig?.close()
  rig = undefined
})

const shardsOf = (poller: TestPoller) =>
  poller.poller.health().find(({ part }) => part === 'poller/shards of metrics')

test('a broker that cannot spread goes on with one shard, and says what to do when more were asked for', async () => {
  rig = await openTestPoller(undefined, {}, { plugins: [] })
  await rig.start({ shards: 4 })
  const poller = rig
  await expect
    .poll(() => shardsOf(poller), patience)
    .toMatchObject({
      state: 'red',
      reason: expect.stringContaining('rabbitmq-plugins enable rabbitmq_random_exchange'),
    })
  await rig.publisher.publish(metrics(pointsOf('single', 10)))
  await expect.poll(() => poller.countOf('single'), patience).toEqual([10, 9])
  await rig.stop()
  await rig.start()
  await expect.poll(() => shardsOf(poller), patience).toMatchObject({ state: 'green' })
})

test('a broker that can only hash spreads what has a message id', async () => {
  rig = await openTestPoller(undefined, {}, { plugins: ['rabbitmq_consistent_hash_exchange'] })
  await rig.start({ shards: 2 })
  const poller = rig
  await expect.poll(() => shardsOf(poller), patience).toMatchObject({ state: 'green' })
  await rig.poller.close()
  for (let part = 0; part < 50; part += 1)
    await rig.publisher.publish(metrics(pointsOf('hashed', 1, part)))
  for (const shard of [0, 1])
    expect((await rig.broker.queues.look(`poller.metrics.${shard}`))?.messages).toBeGreaterThan(5)
})
