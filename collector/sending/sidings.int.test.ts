import { type Broker, openBroker } from '@warren/broker/open'
import { senderUser } from '@warren/broker/users'
import { contentTypes } from '@warren/contracts/message'
import { exchanges, type QueueSpec } from '@warren/contracts/topology'
import { silentLog } from '@warren/platform/log.testing'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { Registry } from 'prom-client'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Outbox, openOutbox } from './outbox.ts'

const log = silentLog()
const patience = { timeout: 60_000, interval: 50 }
const maxBytes = 1024 ** 2

/** What came of `warren.metrics` or `warren.logs`, in its order; messages that came again once. */
const received: string[] = []
let rabbitmq: TestRabbitmq
let reader: Broker
let broker: Broker
let registry: Registry
let folder: string
let outbox: Outbox

const queueOf = (name: string, key: string): QueueSpec => ({
  ...{ name, durable: true, autoDelete: false, exclusive: false, arguments: {} },
  bindings: [exchanges.metrics, exchanges.logs].map((exchange) => ({ exchange, key })),
})

const listen = async (tenant: string): Promise<void> => {
  const consumer = reader.consume({
    queue: queueOf(`test.${tenant}`, `${tenant}.#`),
    prefetch: 100,
    handle: async ({ body }) => {
      const text = body.toString()
      if (!received.includes(text)) received.push(text)
      return { type: 'ack' }
    },
  })
  await vi.waitFor(() => expect(consumer.health().state).toBe('green'), patience)
}

/** A broker without Warren's own queues: only tenants that are listened to have a way. The collector may publish whatever is of a tenant `…allowed`. */
beforeAll(async () => {
  rabbitmq = await startRabbitmq({ queues: false })
  reader = openBroker({ url: rabbitmq.url, name: 'reader', log })
  await listen('b_allowed')
})
afterAll(async () => {
  await reader?.close()
  await rabbitmq?.close()
})

const allow = (tenants: string) => {
  const user = senderUser({ name: 'collector', password: 'secret' }, 'x')
  const topics = user.topics.map((topic) => ({ ...topic, write: `^${tenants}\\.` }))
  return rabbitmq.putUsers([{ ...user, topics }])
}

const open = () =>
  openOutbox({
    ...{ folder, maxBytes, log, registry },
    openPublisher: () => broker.publisher({ waitMs: 500, confirmMs: 10_000 }),
  })

beforeEach(async () => {
  received.length = 0
  folder = await makeTempDir('sidings')
  await allow('[a-z]_allowed')
  broker = openBroker({
    ...{ url: `amqp://collector:secret@127.0.0.1:${rabbitmq.amqpPort}`, name: 'collector', log },
  })
  registry = new Registry()
  outbox = await open()
})
afterEach(async () => {
  await outbox.close()
  await broker.close()
  await removeTempDir(folder)
})

const publish = (key: string, text: string, exchange: string = exchanges.metrics) =>
  outbox
    .from('test')
    .publish({ exchange, key, body: Buffer.from(text), contentType: contentTypes.lineProtocol })

const arrived = (...texts: string[]) =>
  vi.waitFor(() => expect(received).toEqual(expect.arrayContaining(texts)), patience)

/** Once only the siding holds anything. */
const setAside = (tenant: string) =>
  vi.waitFor(() => {
    expect(outbox.reservation).toMatch(
      new RegExp(`^\\d+ bytes of metrics of the tenant ${tenant} wait on disk: [^;]+$`),
    )
  }, patience)

const metric = async (name: string) => {
  const found = await registry.metrics()
  return Number(new RegExp(`^${name.replace('{', '\\{')} (\\d+)$`, 'm').exec(found)?.[1])
}

test.each([
  { tenant: 'a_allowed', why: 'no queue takes this key', heal: () => listen('a_allowed') },
  { tenant: 'a_refused', why: 'ACCESS_REFUSED', heal: () => allow('[a-z]_[a-z]+') },
])(
  'a tenant that the broker does not take ($why) waits aside, and is sent once it is taken',
  async ({ tenant, why, heal }) => {
    await publish(`${tenant}.-.h`, 'a1')
    await Promise.all([1, 2, 3].map((at) => publish('b_allowed.-.h', `b${at}`)))
    await arrived('b1', 'b2', 'b3')
    await setAside(tenant)
    expect(outbox.reservation).toContain(why)
    expect(
      await metric('warren_collector_outbox_messages_total{input="spool",outcome="set_aside"}'),
    ).toBe(1)
    expect(await metric('warren_collector_outbox_aside_bytes{stream="metrics"}')).toBeGreaterThan(0)
    // The neighbours go straight to the broker again, and the tenant's behind what waits of it.
    await publish(`${tenant}.-.h`, 'a2')
    await publish('b_allowed.-.h', 'b4')
    await arrived('b4')
    await setAside(tenant)
    await listen('a_refused')
    await heal()
    await arrived('a1', 'a2')
    expect(received.indexOf('a1')).toBeLessThan(received.indexOf('a2'))
    await vi.waitFor(() => expect(outbox.reservation).toBeUndefined(), patience)
    await publish(`${tenant}.-.h`, 'a3')
    await arrived('a3')
  },
)

test('what is aside survives the collector; its tenant fills half of the room, and neither its neighbours nor logs are held up', async () => {
  const large = 'x'.repeat(100_000)
  await publish('c_allowed.-.h', 'c1')
  await setAside('c_allowed')
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, () => publish('c_allowed.-.h', large)),
  )
  const refused = outcomes.filter((one) => one.status === 'rejected')
  expect(refused).toHaveLength(5)
  expect(refused[0]?.reason).toMatchObject({ code: 'spool_full', retryAfterMs: 10_000 })
  await outbox.close()
  outbox = await open()
  await publish('b_allowed.-.h', 'l1', exchanges.logs)
  await publish('b_allowed.-.h', 'b1')
  await arrived('l1', 'b1')
  await setAside('c_allowed')
  await listen('c_allowed')
  await arrived('c1', large)
  await vi.waitFor(() => expect(outbox.reservation).toBeUndefined(), patience)
})

test('an outage is no answer: nobody is set aside for it', async () => {
  await rabbitmq.kill()
  await Promise.all(['e', 'f'].map((tenant) => publish(`${tenant}_allowed.-.h`, tenant)))
  await vi.waitFor(() => {
    expect(outbox.reservation).toMatch(/^\d+ bytes of metrics wait on disk: no broker: [^;]+$/)
  }, patience)
  await rabbitmq.start()
  await allow('[a-z]_allowed')
  await Promise.all([listen('e_allowed'), listen('f_allowed')])
  await arrived('e', 'f')
  expect(
    await metric('warren_collector_outbox_messages_total{input="spool",outcome="set_aside"}'),
  ).toBeNaN()
})
