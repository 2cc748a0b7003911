import {
  exchanges,
  type QueueSpec,
  storageQueue,
  warrenExchanges,
} from '@warren/contracts/topology'
import { WarrenError } from '@warren/platform/errors'
import { silentLog } from '@warren/platform/log.testing'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { connect } from 'amqplib'
import { afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { Delivery } from './delivery.ts'
import { type Broker, openBroker } from './open.ts'
import type { Publisher } from './publisher.ts'

const log = silentLog()

let server: TestRabbitmq
let brokers: Broker[] = []
const open = () => {
  const broker = openBroker({ url: server.url, name: 'test', log })
  brokers.push(broker)
  broker.declare(warrenExchanges, [])
  return broker
}

beforeAll(async () => {
  server = await startRabbitmq({ queues: false })
  return () => server.close()
})
afterEach(async () => {
  await Promise.all(brokers.map((broker) => broker.close()))
  brokers = []
})

const eventsQueue = (name: string): QueueSpec => ({
  ...storageQueue({ stream: 'logs', shard: 0, maxBytes: 1024 ** 3 }),
  name,
  bindings: [{ exchange: exchanges.events, key: `${name}.#` }],
})

const toMessage = (key: string, text: string, messageId?: string) => ({
  exchange: exchanges.events,
  key,
  body: Buffer.from(text),
  contentType: 'text/plain',
  ...(messageId === undefined ? {} : { messageId }),
})

const publishSurely = async (publisher: Publisher, key: string, text: string) => {
  for (;;) {
    const sent = await publisher.publish(toMessage(key, text, text)).then(
      () => true,
      () => false,
    )
    if (sent) return
  }
}

const admin = async () => {
  const connection = await connect(server.url)
  onTestFinished(() => connection.close())
  return connection.createChannel()
}

test('outcomes: acknowledged once; retried in place without a redelivery; parked before the acknowledgement', async () => {
  const broker = open()
  const seen: Delivery[] = []
  const parked: string[] = []
  let parkFailures = 1
  const consumer = broker.consume({
    queue: eventsQueue('outcomes'),
    prefetch: 10,
    handle: async (delivery) => {
      seen.push(delivery)
      const text = delivery.body.toString()
      const times = seen.filter(({ body }) => body.toString() === text).length
      if (text === 'retry' && times < 3) return { type: 'retry' }
      if (text === 'throw' && times < 2) throw new Error('not classified')
      if (text === 'reject')
        throw new WarrenError('large', { code: 'too_large', disposition: 'reject' })
      if (text === 'dead') return { type: 'dead', code: 'malformed', reason: 'test' }
      return { type: 'ack' }
    },
    park: async (delivery, { code }) => {
      if (parkFailures-- > 0) throw new Error('the dead-letter queue is full')
      parked.push(`${delivery.body} ${code}`)
    },
  })
  await expect.poll(() => consumer.health().state, { timeout: 20_000 }).toBe('green')
  const publisher = broker.publisher()
  for (const text of ['fine', 'retry', 'throw', 'dead', 'reject'])
    await publisher.publish(toMessage('outcomes.a', text, `id-${text}`))
  await expect
    .poll(() => seen.map(({ body }) => body.toString()).sort(), { timeout: 10_000 })
    .toEqual(
      expect.arrayContaining([
        'dead',
        'fine',
        'reject',
        'retry',
        'retry',
        'retry',
        'throw',
        'throw',
      ]),
    )
  await expect.poll(() => parked.sort()).toEqual(['dead malformed', 'reject too_large'])
  expect(seen.every(({ redelivered, deliveryCount }) => !redelivered && deliveryCount === 0)).toBe(
    true,
  )
  const first = seen.find(({ body }) => body.toString() === 'fine')
  expect(first).toMatchObject({ exchange: exchanges.events, routingKey: 'outcomes.a' })
  expect(first?.properties).toMatchObject({ messageId: 'id-fine', contentType: 'text/plain' })
  expect(first?.properties.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  await broker.close()
  const channel = await admin()
  expect(await channel.checkQueue('outcomes')).toMatchObject({ messageCount: 0, consumerCount: 0 })
})

test('stop leaves the message in its queue and the reason in health', async () => {
  const broker = open()
  const consumer = broker.consume({
    queue: eventsQueue('stopping'),
    prefetch: 1,
    handle: async () => ({ type: 'stop', reason: 'the store is of a newer version' }),
  })
  await broker.ready(20_000)
  await expect.poll(() => consumer.health().state, { timeout: 10_000 }).toBe('green')
  await broker.publisher().publish(toMessage('stopping.a', 'x'))
  await expect.poll(() => consumer.health().reason).toContain('newer version')
  const channel = await admin()
  await expect.poll(async () => (await channel.checkQueue('stopping')).messageCount).toBe(1)
})

test('pause takes nothing more, resume goes on', async () => {
  const broker = open()
  const seen: string[] = []
  const consumer = broker.consume({
    queue: eventsQueue('pausing'),
    prefetch: 5,
    handle: async ({ body }) => {
      seen.push(body.toString())
      return { type: 'ack' }
    },
  })
  await expect.poll(() => consumer.health().state, { timeout: 20_000 }).toBe('green')
  await consumer.pause()
  const publisher = broker.publisher()
  await publisher.publish(toMessage('pausing.a', 'while paused'))
  const channel = await admin()
  await expect.poll(async () => (await channel.checkQueue('pausing')).messageCount).toBe(1)
  expect(seen).toEqual([])
  await consumer.resume()
  await expect.poll(() => seen).toEqual(['while paused'])
})

test('a deleted queue is noticed, named and declared again', async () => {
  const broker = open()
  const seen: string[] = []
  const consumer = broker.consume({
    queue: eventsQueue('deleted'),
    prefetch: 5,
    handle: async ({ body }) => {
      seen.push(body.toString())
      return { type: 'ack' }
    },
  })
  await expect.poll(() => consumer.health().state, { timeout: 20_000 }).toBe('green')
  const states: string[] = []
  const watch = setInterval(() => states.push(`${consumer.health().state}`), 1)
  const channel = await admin()
  await channel.deleteQueue('deleted')
  await expect.poll(() => states, { timeout: 10_000 }).toContain('red')
  await expect.poll(() => consumer.health().state, { timeout: 10_000 }).toBe('green')
  clearInterval(watch)
  await broker.publisher().publish(toMessage('deleted.a', 'after'))
  await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['after'])
})

test('a binding that vanished is declared again', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const broker = open()
  const queue = eventsQueue('unbound')
  broker.declare(warrenExchanges, [queue])
  await broker.ready(20_000)
  const publisher = broker.publisher()
  await publisher.publish(toMessage('unbound.a', 'x'))
  const channel = await admin()
  await channel.unbindQueue('unbound', exchanges.events, 'unbound.#')
  await expect(publisher.publish(toMessage('unbound.a', 'x'))).rejects.toMatchObject({
    code: 'unroutable',
  })
  vi.advanceTimersByTime(30_000)
  // The faked time also ends the connection's heartbeat, so that a first try may meet a reconnect.
  await publishSurely(publisher, 'unbound.a', 'x')
})

test('a delivery held too long goes back, and nothing is taken until its handler has ended', async () => {
  const broker = open()
  const release: (() => void)[] = []
  const seen: Delivery[] = []
  broker.consume({
    queue: eventsQueue('held'),
    prefetch: 5,
    maxHoldMs: 200,
    handle: (delivery) => {
      seen.push(delivery)
      if (seen.length > 1) return Promise.resolve({ type: 'ack' })
      return new Promise((resolve) => release.push(() => resolve({ type: 'ack' })))
    },
  })
  await broker.ready(20_000)
  await publishSurely(broker.publisher(), 'held.a', 'x')
  const channel = await admin()
  await expect
    .poll(async () => (await channel.checkQueue('held')).messageCount, { timeout: 10_000 })
    .toBe(1)
  expect(seen).toHaveLength(1)
  for (const end of release) end()
  await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(2)
  expect(seen[1]).toMatchObject({ redelivered: true, deliveryCount: 1 })
})

test('restart and kill -9 of the broker while messages flow: nothing is lost, and a broker that is down at the start is waited for', async () => {
  await server.kill()
  const broker = open()
  const seen = new Set<string>()
  const consumer = broker.consume({
    queue: eventsQueue('flow'),
    prefetch: 50,
    handle: async ({ body }) => {
      seen.add(body.toString())
      return { type: 'ack' }
    },
  })
  expect(broker.health()[0]).toMatchObject({ state: 'red' })
  await server.start()
  await expect.poll(() => consumer.health().state, { timeout: 30_000 }).toBe('green')

  const publisher = broker.publisher({ waitMs: 1000, confirmMs: 5000 })
  const total = 4000
  let next = 0
  let confirmed = 0
  const worker = async () => {
    while (next < total) {
      await publishSurely(publisher, 'flow.a', `m${next++}`)
      confirmed++
    }
  }
  const workers = Promise.all(Array.from({ length: 20 }, worker))
  await expect.poll(() => confirmed, { timeout: 30_000, interval: 5 }).toBeGreaterThan(500)
  await server.restart()
  await expect.poll(() => confirmed, { timeout: 30_000, interval: 5 }).toBeGreaterThan(2000)
  await server.kill()
  await server.start()
  await workers
  await expect.poll(() => seen.size, { timeout: 30_000 }).toBe(total)
})

test('a queue that exists with other arguments is used, and yellow', async () => {
  const channel = await admin()
  await channel.assertQueue('other', { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  const broker = open()
  broker.declare(warrenExchanges, [eventsQueue('other')])
  await broker.ready(20_000)
  const topology = broker.health().find(({ part }) => part === 'broker topology')
  expect(topology).toMatchObject({ state: 'yellow' })
  expect(topology?.reason).toContain('queue other')
  const consumer = broker.consume({
    queue: eventsQueue('other'),
    prefetch: 1,
    handle: async () => ({ type: 'ack' }),
  })
  await expect.poll(() => consumer.health().state, { timeout: 10_000 }).toBe('green')
  await broker.publisher().publish(toMessage('other.a', 'x'))
})
