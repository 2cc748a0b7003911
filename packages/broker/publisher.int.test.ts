import { exchanges, type QueueSpec, warrenExchanges } from '@warren/contracts/topology'
import { silentLog } from '@warren/platform/log.testing'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Broker, openBroker } from './open.ts'
import { senderUser } from './users.ts'

const log = silentLog()

let server: TestRabbitmq
const brokers: Broker[] = []
const open = (url: string) => {
  const broker = openBroker({ url, name: 'test', log })
  brokers.push(broker)
  return broker
}

beforeAll(async () => {
  server = await startRabbitmq()
})
afterAll(async () => {
  await Promise.all(brokers.map((broker) => broker.close()))
  await server?.close()
})

const message = (exchange: string, key: string, size = 10) => ({
  exchange,
  key,
  body: new Uint8Array(size).fill(0x61),
  contentType: 'text/plain',
})

const smallQueue: QueueSpec = {
  name: 'test.small',
  durable: true,
  autoDelete: false,
  exclusive: false,
  arguments: { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish', 'x-max-length': 3 },
  bindings: [{ exchange: exchanges.events, key: 'small.#' }],
}

test('a publish resolves after the confirm; an unroutable one and one that a full queue refuses reject, each with its code', async () => {
  const broker = open(server.url)
  broker.declare(warrenExchanges, [smallQueue])
  await broker.ready(20_000)
  const publisher = broker.publisher()
  await publisher.publish(message(exchanges.metrics, 'default.-.x'))
  await expect(publisher.publish(message(exchanges.alerts, 'default.none'))).rejects.toMatchObject({
    code: 'unroutable',
    disposition: 'retry',
  })
  const codes: string[] = []
  // A quorum queue learns of its length a moment late, so the first refusal is not exactly the fourth message.
  for (let index = 0; index < 200 && !codes.includes('nacked'); index++)
    await publisher
      .publish(message(exchanges.events, 'small.x.y'))
      .catch((error) => codes.push(error.code))
  expect(codes[0]).toBe('nacked')
  expect(publisher.inFlightBytes).toBe(0)
})

test('an exchange that does not exist rejects, and the publisher goes on after it', async () => {
  const publisher = open(server.url).publisher()
  await expect(publisher.publish(message('nowhere', 'a'))).rejects.toMatchObject({
    code: 'not_found',
  })
  await publisher.publish(message(exchanges.logs, 'default.-.x'))
})

test('an agent may publish its own tenant to metrics and logs, and nothing else', async () => {
  const broker = open(server.agentUrl)
  const publisher = broker.publisher()
  await publisher.publish(message(exchanges.metrics, 'default.-.agent'))
  await publisher.publish(message(exchanges.logs, 'default.web.agent'))
  for (const refused of [
    message(exchanges.metrics, 'other.-.agent'),
    message(exchanges.metrics, 'defaults'),
    message(exchanges.events, 'default.-.agent'),
    message('', 'poller.metrics.0'),
  ])
    await expect(publisher.publish(refused)).rejects.toMatchObject({ code: 'access_refused' })
  broker.declare([], [smallQueue])
  await broker.ready(20_000)
  const topology = broker.health().find(({ part }) => part === 'broker topology')
  expect(topology).toMatchObject({ state: 'red' })
  expect(topology?.reason).toContain('ACCESS_REFUSED')
})

test('an agent may not read', async () => {
  const broker = open(server.agentUrl)
  const consumer = broker.consume({
    queue: { ...smallQueue, bindings: [] },
    prefetch: 1,
    handle: async () => ({ type: 'ack' }),
  })
  await expect.poll(() => consumer.health().reason, { timeout: 10_000 }).toContain('ACCESS_REFUSED')
})

test('a user added to the running node may publish its tenant only', async () => {
  await server.putUsers([senderUser({ name: 'late', password: 'secret' }, 'acme')])
  const publisher = open(`amqp://late:secret@127.0.0.1:${server.amqpPort}`).publisher()
  await publisher.publish(message(exchanges.metrics, 'acme.-.x'))
  await expect(publisher.publish(message(exchanges.metrics, 'default.-.x'))).rejects.toMatchObject({
    code: 'access_refused',
  })
})

test('a wrong password and a guest are refused with a reason', async () => {
  for (const credential of ['warren:wrong', 'guest:guest']) {
    const broker = open(`amqp://${credential}@127.0.0.1:${server.amqpPort}`)
    await expect
      .poll(() => broker.health()[0]?.reason, { timeout: 10_000 })
      .toContain('ACCESS_REFUSED')
    expect(JSON.stringify(broker.health())).not.toContain('wrong')
  }
})

test('what is in flight is bounded, and a publish without a broker gives up at its deadline', async () => {
  const broker = open('amqp://nobody:x@127.0.0.1:1')
  const publisher = broker.publisher({ maxInFlightBytes: 1000, maxWaiting: 2, waitMs: 200 })
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () => publisher.publish(message(exchanges.metrics, 'a.b.c', 400))),
  )
  const codes = results.map((result) => result.status === 'rejected' && result.reason.code)
  expect(codes).toEqual(
    expect.arrayContaining(['broker_unavailable', 'broker_unavailable', 'backpressure']),
  )
  expect(codes).not.toContain(false)
  expect(broker.health()[0]).toMatchObject({ state: 'red' })
})
