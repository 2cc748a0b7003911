import { type Broker, openBroker } from '@warren/broker/open'
import { hashPassword } from '@warren/broker/users'
import {
  type CreatedTap,
  createdTapSchema,
  removedTapSchema,
  tapListSchema,
} from '@warren/contracts/http/taps'
import { contentTypes } from '@warren/contracts/message'
import { exchanges } from '@warren/contracts/topology'
import { silentLog } from '@warren/platform/log.testing'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { type Channel, type ChannelModel, connect } from 'amqplib'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openTestApi, type TestApi } from '../testing.ts'
import { keepTaps } from './kept-taps.ts'
import type { TapUsers } from './tap-broker.ts'

const log = silentLog()
const patience = { timeout: 30_000, interval: 50 }

let server: TestRabbitmq
let broker: Broker
let api: TestApi
/** Names of the users that are kept beside the node. */
let kept: string[] = []
let users: TapUsers
const headers: Record<string, { authorization: string }> = {}

beforeAll(async () => {
  server = await startRabbitmq()
  broker = openBroker({ url: server.url, name: 'test', log })
  users = {
    put: async (wanted) => {
      await server.putUsers(wanted)
      kept.push(...wanted.map(({ name }) => name))
    },
    remove: async (gone) => {
      await server.removeUser(gone)
      kept = kept.filter((name) => name !== gone)
    },
    names: () => kept,
  }
  const url = `amqp://127.0.0.1:${server.amqpPort}`
  api = await openTestApi({ taps: { maxPerTenant: 3 } }, { tapBroker: { broker, url, users } })
  for (const tenant of ['default', 'acme']) {
    await api.catalog.tenants.ensure(tenant)
    headers[tenant] = { authorization: `Bearer ${await api.tokenOf('manager', tenant)}` }
  }
})
afterAll(async () => {
  await api?.close()
  await broker?.close()
  await server?.close()
})
afterEach(async () => {
  for (const tenant of ['default', 'acme'])
    for (const { name } of await api.catalog.taps.list(tenant)) await remove(name, tenant)
})

const post = (body: unknown, tenant = 'default') =>
  api.fetch('/api/v1/taps', {
    method: 'POST',
    headers: { ...headers[tenant], 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const make = async (body: object, tenant = 'default'): Promise<CreatedTap> => {
  const response = await post({ streams: ['metrics'], ...body }, tenant)
  expect(response.status).toBe(201)
  return createdTapSchema.parse(await response.json())
}
const remove = (name: string, tenant = 'default') =>
  api.fetch(`/api/v1/taps/${name}`, { method: 'DELETE', headers: headers[tenant] ?? {} })

const addressOf = ({ url, user, secret }: CreatedTap): string =>
  url.replace('://', `://${user}:${secret}@`)

async function open(tap: CreatedTap): Promise<ChannelModel> {
  const connection = await connect(addressOf(tap))
  connection.on('error', () => undefined)
  onTestFinished(() => connection.close().catch(() => undefined))
  return connection
}

/** Bodies that a consumer of the tap gets from now on. */
async function consume(tap: CreatedTap): Promise<string[]> {
  const bodies: string[] = []
  const channel = await (await open(tap)).createChannel()
  await channel.consume(tap.queue, (message) => {
    if (message === null) return void bodies.push('cancelled')
    bodies.push(message.content.toString())
    channel.ack(message)
  })
  return bodies
}

const publisher = () => broker.publisher()
const send = (key: string, body: string, exchange: string = exchanges.metrics) =>
  publisher().publish({
    exchange,
    key,
    body: Buffer.from(body),
    contentType: contentTypes.lineProtocol,
  })

it('passes on what its tenant and deployment send, and nothing else', async () => {
  const [all, shop, theirs] = [
    await make({ name: 'all', streams: ['metrics', 'logs'] }),
    await make({ name: 'shop', deployment: 'my shop' }),
    await make({ name: 'all' }, 'acme'),
  ]
  const [ofAll, ofShop, ofTheirs] = [await consume(all), await consume(shop), await consume(theirs)]
  await send('acme.web.x', 'theirs')
  await send('acme.my%20shop.x', 'theirs too')
  await send('default.my%20shop.x', 'shop')
  await send('default.my%20shop2.x', 'another shop')
  await send('default.-.x', 'log', exchanges.logs)
  await expect.poll(() => ofAll, patience).toEqual(['shop', 'another shop', 'log'])
  await expect.poll(() => ofShop, patience).toEqual(['shop'])
  await expect.poll(() => ofTheirs, patience).toEqual(['theirs', 'theirs too'])
})

describe('its user', () => {
  const attempts: Record<string, (channel: Channel, own: string) => Promise<unknown>> = {
    'declare a queue': (channel) => channel.assertQueue('mine'),
    'declare a nameless queue': (channel) => channel.assertQueue('', { exclusive: true }),
    'declare its queue anew': (channel, own) => channel.assertQueue(own),
    'declare an exchange': (channel) => channel.assertExchange('mine', 'fanout'),
    'bind its queue to more': (channel, own) => channel.bindQueue(own, exchanges.logs, '#'),
    'unbind its queue': (channel, own) => channel.unbindQueue(own, exchanges.metrics, '#'),
    'delete its queue': (channel, own) => channel.deleteQueue(own),
    'delete a storage queue': (channel) => channel.deleteQueue('poller.metrics.0'),
    'purge a storage queue': (channel) => channel.purgeQueue('poller.metrics.0'),
    'get from a storage queue': (channel) => channel.get('poller.metrics.0'),
    'consume a storage queue': (channel) => channel.consume('poller.metrics.0', () => undefined),
    'get from another tap': (channel) => channel.get('tap.default.other'),
    "consume another tenant's tap": (channel) => channel.consume('tap.acme.all', () => undefined),
    "purge another tenant's tap": (channel) => channel.purgeQueue('tap.acme.all'),
  }

  it('may do nothing but read its queue', async () => {
    const tap = await make({ name: 'all' })
    await make({ name: 'other' })
    await make({ name: 'all' }, 'acme')
    const connection = await open(tap)
    for (const [what, attempt] of Object.entries(attempts)) {
      const channel = await connection.createChannel()
      channel.on('error', () => undefined)
      await expect(attempt(channel, tap.queue), what).rejects.toThrow('ACCESS_REFUSED')
    }
    for (const exchange of ['', exchanges.metrics, exchanges.dead, 'amq.topic']) {
      const channel = await connection.createConfirmChannel()
      const reason = new Promise<Error>((resolve) => channel.on('error', resolve))
      const key = exchange === '' ? 'tap.default.other' : 'default.-.x'
      channel.publish(exchange, key, Buffer.from('forged'), {}, () => undefined)
      expect((await reason).message, exchange).toContain('ACCESS_REFUSED')
    }
    const channel = await connection.createChannel()
    expect(await channel.get(tap.queue)).toBe(false)
  })

  it('may open four connections', async () => {
    const tap = await make({ name: 'many' })
    for (let count = 0; count < 4; count += 1) await open(tap)
    await expect(connect(addressOf(tap))).rejects.toThrow()
  })
})

it('stalled, it holds its bound of the newest and storage gets all', async () => {
  const tap = await make({ name: 'stalled', maxBytes: 256 * 1024 })
  const channel = await (await open(tap)).createChannel()
  await channel.prefetch(1)
  let held = 0
  await channel.consume(tap.queue, () => {
    held += 1
  })
  const before = (await broker.queues.look('poller.metrics.0'))?.messages ?? 0
  const many = 2000
  const body = (index: number) => `${index} `.padEnd(2048, 'x')
  const sending = publisher()
  await Promise.all(
    Array.from({ length: many }, (_, index) =>
      sending.publish({
        exchange: exchanges.metrics,
        key: 'default.-.x',
        body: Buffer.from(body(index)),
        contentType: contentTypes.lineProtocol,
      }),
    ),
  )
  expect(held).toBe(1)
  await expect
    .poll(async () => (await broker.queues.look('poller.metrics.0'))?.messages, patience)
    .toBe(before + many)
  expect((await broker.queues.look(tap.queue))?.messages).toBe(128)
  await channel.close()
  const after = await consume(tap)
  await expect.poll(() => after.at(-1), patience).toBe(body(many - 1))
  expect(after.length).toBeLessThanOrEqual(129)
})

it('is listed, and removed with its queue, its connections and its credential', async () => {
  const tap = await make({ name: 'gone', deployment: 'shop', messageTtlSeconds: 5 })
  const listed = await api.fetch('/api/v1/taps', { headers: headers['default'] ?? {} })
  const { items } = tapListSchema.parse(await listed.json())
  expect(items).toMatchObject([
    { name: 'gone', deployment: 'shop', messageTtlSeconds: 5, queue: 'tap.default.gone' },
  ])
  expect(JSON.stringify(items)).not.toContain(tap.secret)
  const connection = await open(tap)
  const closed = new Promise((resolve) => connection.on('close', resolve))
  expect((await remove('gone', 'acme')).status).toBe(404)
  const removed = await remove('gone')
  expect(removedTapSchema.parse(await removed.json())).toEqual({ operatorCommands: [] })
  await closed
  expect(await broker.queues.look(tap.queue)).toBeUndefined()
  await expect(connect(addressOf(tap))).rejects.toThrow(/403|ACCESS_REFUSED|refused/i)
  expect((await remove('gone')).status).toBe(404)
})

it('refuses names, streams and numbers that do not fit, a fourth tap, and who is no manager', async () => {
  const wrong = [
    { name: 'a.b' },
    { name: 'A' },
    { name: '~a' },
    { name: '' },
    { name: 'a', streams: [] },
    { name: 'a', streams: ['dead'] },
    { name: 'a', streams: ['metrics', 'metrics'] },
    { name: 'a', streams: ['alerts'], deployment: 'shop' },
    { name: 'a', maxBytes: 1e9 },
    { name: 'a', tenant: 'acme' },
  ]
  for (const body of wrong)
    expect((await post({ streams: ['metrics'], ...body })).status, JSON.stringify(body)).toBe(400)
  for (const name of ['a', 'b', 'c']) await make({ name })
  expect((await post({ name: 'a', streams: ['logs'] })).status).toBe(409)
  const fourth = await post({ name: 'd', streams: ['logs'] })
  expect(await fourth.json()).toMatchObject({ detail: expect.stringContaining('3 taps') })
  await make({ name: 'd' }, 'acme')
  const viewer = { authorization: `Bearer ${await api.tokenOf('viewer')}` }
  expect((await api.fetch('/api/v1/taps', { headers: viewer })).status).toBe(403)
})

it('comes back with the same credential on a broker that has lost everything, and goes when nobody uses it', async () => {
  const tap = await make({ name: 'back' })
  await server.removeUser(tap.user)
  await broker.queues.remove(tap.queue)
  kept = []
  const base = { broker, taps: api.catalog.taps, maxPerTenant: 3, url: tap.url }
  const taps = keepTaps({ ...base, users })
  onTestFinished(() => taps.close())
  await taps.check()
  expect(taps.health()).toMatchObject({ state: 'green' })
  const bodies = await consume(tap)
  await send('default.-.x', 'again')
  await expect.poll(() => bodies, patience).toEqual(['again'])
  await taps.check()
  const [used] = await api.catalog.taps.list('default')
  expect(used?.usedAt).toBeInstanceOf(Date)

  await api.catalog.taps.create(
    {
      ...{ tenant: 'default', name: 'unused', streams: ['metrics'], deployment: undefined },
      ...{ maxBytes: 100_000, messageTtlMs: 1000, expiresMs: 60_000 },
      ...{
        passwordHash: hashPassword('x'),
        createdAt: new Date(Date.now() - 61_000),
        usedAt: null,
      },
    },
    3,
  )
  await taps.check()
  expect((await api.catalog.taps.list('default')).map(({ name }) => name)).toEqual(['back'])
  expect(await broker.queues.look('tap.default.unused')).toBeUndefined()
})

it('on a broker of somebody else it is a queue, and commands for whoever runs that broker', async () => {
  const base = { broker, taps: api.catalog.taps, maxPerTenant: 3, url: 'amqps://mq:5671/obs' }
  const taps = keepTaps({ ...base, users: undefined })
  onTestFinished(() => taps.close())
  const made = await taps.create({
    ...{ tenant: 'default', name: 'theirs', streams: ['logs'], deployment: undefined },
    ...{ maxBytes: 100_000, messageTtlMs: 1000, expiresMs: 60_000 },
  })
  expect(made).toMatchObject({ secret: null, tap: { passwordHash: null } })
  expect(made.operatorCommands[1]).toContain(`-p obs tap-default-theirs '^$' '^$'`)
  expect(await broker.queues.look('tap.default.theirs')).toEqual({ messages: 0, consumers: 0 })
  expect(await taps.remove('default', 'theirs')).toEqual([
    'rabbitmqctl delete_user tap-default-theirs',
  ])
})
