import { shardExchange } from '@warren/contracts/shards'
import { exchanges } from '@warren/contracts/topology'
import { connect } from 'amqplib'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { metrics, openTestPoller, patience, pointsOf, type TestPoller } from '../testing.ts'

let rig: TestPoller

beforeAll(async () => {
  rig = await openTestPoller()
})
afterAll(() => rig?.close())
afterEach(() => rig.stop())

const partOf = (name: string) => rig.poller.health().find(({ part }) => part === `poller/${name}`)

async function admin() {
  const connection = await connect(rig.server.url)
  onTestFinished(() => connection.close())
  return connection.createChannel()
}

/** Publishes numbered points until told to stop, each surely; resolves with how many. */
function flow(name: string) {
  let going = true
  let sent = 0
  const send = async () => {
    while (going) {
      const first = sent++ * 10
      const message = metrics(pointsOf(name, 10, first), { messageId: `${name}-${first}` })
      const publish = () =>
        rig.publisher.publish(message).then(
          () => true,
          () => false,
        )
      while (!(await publish()));
    }
  }
  const senders = Promise.all(Array.from({ length: 4 }, send))
  return {
    get sent() {
      return sent
    },
    stop: async () => {
      going = false
      await senders
      return sent * 10
    },
  }
}

test('one shard, then four, then two while points flow: none lost, none doubled, and what is left over is used up', async () => {
  await rig.start()
  const started = rig
  const before = flow('resized')
  await expect.poll(() => before.sent, patience).toBeGreaterThan(50)
  let points = await before.stop()
  for (const shards of [4, 2]) {
    // A poller of the earlier setting leaves some behind.
    await started.poller.close()
    for (let part = 0; part < 40; part += 1)
      await rig.publisher.publish(metrics(pointsOf('resized', 10, points + part * 10)))
    points += 400
    await rig.stop()
    await rig.start({ shards })
    const more = flow(`flowing${shards}`)
    await expect.poll(() => partOf('shards of metrics')?.state, patience).toBe('green')
    const reached = more.sent
    await expect.poll(() => more.sent, patience).toBeGreaterThan(reached + 50)
    const total = await more.stop()
    await expect.poll(() => rig.countOf(`flowing${shards}`), patience).toEqual([total, total - 1])
    await expect.poll(() => rig.countOf('resized'), patience).toEqual([points, points - 1])
  }
  expect(await rig.parked()).toEqual([])
  expect(
    rig.poller
      .health()
      .filter(({ part }) => part.startsWith('poller/queue poller.metrics'))
      .map(({ part, state }) => `${part} ${state}`),
  ).toEqual([0, 1, 2, 3].map((shard) => `poller/queue poller.metrics.${shard} green`))
})

test('a static key without a message id reaches every shard, and only those of the setting', async () => {
  await rig.start({ shards: 3 })
  await expect.poll(() => partOf('shards of metrics')?.state, patience).toBe('green')
  await rig.poller.close()
  const connection = await connect(rig.server.agentUrl)
  const channel = await connection.createConfirmChannel()
  for (let message = 0; message < 300; message += 1)
    channel.publish(exchanges.metrics, 'default.telegraf', Buffer.from(pointsOf('x', 1, message)))
  await channel.waitForConfirms()
  await connection.close()
  const counts = await Promise.all(
    [0, 1, 2, 3].map(
      async (shard) => (await rig.broker.queues.look(`poller.metrics.${shard}`))?.messages,
    ),
  )
  expect(counts.reduce((sum = 0, count = 0) => sum + count)).toBe(300)
  expect(counts[3]).toBe(0)
  for (const count of counts.slice(0, 3)) expect(count).toBeGreaterThan(50)
  await rig.stop()
  await rig.start({ shards: 3 })
  await expect.poll(() => rig.countOf('x'), patience).toEqual([300, 299])
})

test('a shard that is deleted is red by name, and back with its binding', async () => {
  await rig.start({ shards: 2 })
  await expect.poll(() => partOf('shards of metrics')?.state, patience).toBe('green')
  const channel = await admin()
  const states = new Set<string>()
  const watch = setInterval(() => states.add(`${partOf('queue poller.metrics.1')?.state}`), 1)
  onTestFinished(() => clearInterval(watch))
  await channel.deleteQueue('poller.metrics.1')
  await expect.poll(() => [...states], patience).toContain('red')
  await expect.poll(() => partOf('queue poller.metrics.1')?.state, patience).toBe('green')
  await channel.unbindQueue('poller.metrics.0', shardExchange('metrics'), '1')
  for (let part = 0; part < 20; part += 1)
    await rig.publisher.publish(metrics(pointsOf('again', 1, part)))
  await expect.poll(() => rig.countOf('again'), patience).toEqual([20, 19])
})
