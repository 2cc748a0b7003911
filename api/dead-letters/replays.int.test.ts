import { type Broker, openBroker } from '@warren/broker/open'
import type { DeadLetter } from '@warren/contracts/dead-letter'
import { type Replay, replayListSchema, replaySchema } from '@warren/contracts/http/dead-letters'
import { silentLog } from '@warren/platform/log.testing'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { type Channel, type ConsumeMessage, connect } from 'amqplib'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type RunningApi, startApi } from '../serve.ts'
import { apiSettingsSchema } from '../settings.ts'
import { openTestApi, type TestApi } from '../testing.ts'

const log = silentLog()
const patience = { timeout: 60_000, interval: 50 }
const replays = '/api/v1/dead-letter-replays'
const queue = 'poller.metrics.0'

let server: TestRabbitmq
let broker: Broker
let test: TestApi
beforeAll(async () => {
  server = await startRabbitmq()
  broker = openBroker({ url: server.url, name: 'test', log })
  const url = `amqp://127.0.0.1:${server.amqpPort}`
  const tapBroker = { broker, url, users: undefined }
  test = await openTestApi({}, { tapBroker, log, replayHoldMs: 1000 })
  await test.catalog.tenants.ensure('acme')
})
afterAll(async () => {
  await test?.close()
  await broker?.close()
  await server?.close()
})
beforeEach(async () => {
  await test.catalog.deadLetters.purge({ tenant: undefined })
  await withChannel((channel) => channel.purgeQueue(queue))
})

async function withChannel<Result>(use: (channel: Channel) => Promise<Result>): Promise<Result> {
  const connection = await connect(server.url)
  try {
    return await use(await connection.createChannel())
  } finally {
    await connection.close()
  }
}

const depth = () => withChannel(async (channel) => (await channel.checkQueue(queue)).messageCount)

const takeAll = () =>
  withChannel(async (channel) => {
    const messages: ConsumeMessage[] = []
    for (;;) {
      const message = await channel.get(queue, { noAck: true })
      if (message === false)
        return messages as Pick<ConsumeMessage, 'properties' | 'content' | 'fields'>[]
      messages.push(message as unknown as ConsumeMessage)
    }
  })

const letter = (id: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
  ...{ id, tenant: 'default', stream: 'metrics', code: 'malformed', reason: 'why', attempts: 2 },
  first_seen: '2026-03-03T12:00:00.000Z',
  last_seen: '2026-03-04T12:00:00.000Z',
  origin: { exchange: 'elsewhere', routing_key: 'default.-.a', message_id: `m-${id}`, index: 3 },
  item: Buffer.from(`cpu v=1 ${id}`).toString('base64'),
  ...more,
})

async function put(count: number, more: Partial<DeadLetter> = {}): Promise<void> {
  const letters = Array.from({ length: count }, (_, index) => letter(`${index}`, more))
  await test.catalog.deadLetters.put(letters)
}

const ask = async (
  method: string,
  path: string,
  {
    body,
    role = 'manager',
    tenant,
  }: { body?: object; role?: 'manager' | 'operator' | 'admin'; tenant?: string } = {},
) => {
  const authorization = `Bearer ${await test.tokenOf(role, tenant)}`
  const headers = { authorization, 'content-type': 'application/json' }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  return test.fetch(path, { method, headers, ...sent })
}
const begin = async (body: object = {}): Promise<Replay> => {
  const response = await ask('POST', replays, { body })
  expect(response.status).toBe(202)
  return replaySchema.parse(await response.json())
}
const stateOf = async ({ id }: Pick<Replay, 'id'>): Promise<Replay> =>
  replaySchema.parse(await (await ask('GET', `${replays}/${id}`)).json())
const untilDone = async (replay: Replay): Promise<Replay> => {
  await expect.poll(async () => (await stateOf(replay)).state, patience).toBe('done')
  return stateOf(replay)
}

it('sends a letter as the message it was, confirmed before it leaves the catalog', async () => {
  const origin = { ...letter('timed').origin, time_ns: '1772539200000000123' }
  await test.catalog.deadLetters.put([letter('timed', { origin }), letter('timeless')])
  const done = await untilDone(await begin())
  expect(done).toMatchObject({ total: 2, sent: 2, skipped: 0, reason: null })
  expect(await test.catalog.deadLetters.count('default')).toBe(0)
  const [timed, timeless] = await takeAll()
  expect(timed?.fields).toMatchObject({ exchange: 'warren.metrics', routingKey: 'default.-.a' })
  expect(timed?.content.toString()).toBe('cpu v=1 timed')
  expect(timed?.properties).toMatchObject({
    messageId: 'm-timed',
    timestamp: undefined,
    headers: {
      'x-warren-time-ns': '1772539200000000123',
      'x-warren-letter-id': 'timed',
      'x-warren-letter-attempts': 2,
      'x-warren-letter-first-seen': '2026-03-03T12:00:00.000Z',
      'x-warren-letter-index': 3,
      'x-warren-letter-replay': done.id,
    },
  })
  expect(timeless?.properties.timestamp).toBeUndefined()
  expect(timeless?.properties.headers).not.toHaveProperty('x-warren-time-ns')
})

it('replays 10,000 at the rate that was asked for, each once', async () => {
  await put(10_000)
  const startedAt = performance.now()
  const done = await untilDone(await begin({ perSecond: 4000 }))
  // Never faster; how much slower is the machine's.
  expect(performance.now() - startedAt).toBeGreaterThan(2400)
  expect(done).toMatchObject({ total: 10_000, sent: 10_000, skipped: 0 })
  expect(await test.catalog.deadLetters.count('default')).toBe(0)
  expect(await depth()).toBe(10_000)
})

it('waits while the broker is away, says so, and goes on', async () => {
  await put(50)
  await server.kill()
  const replay = await begin()
  await expect
    .poll(async () => (await stateOf(replay)).reason, patience)
    .toMatch(/^waits: .*broker/)
  expect(await test.catalog.deadLetters.count('default')).toBe(50)
  await server.start()
  expect(await untilDone(replay)).toMatchObject({ sent: 50, reason: null })
  expect(new Set((await takeAll()).map(({ properties }) => properties.messageId)).size).toBe(50)
})

it('goes on in another api where one has stopped, and stops when told', async () => {
  await put(400)
  const replay = await begin({ perSecond: 20 })
  await expect.poll(async () => (await stateOf(replay)).sent, patience).toBeGreaterThan(0)
  const other = await another()
  await expect.poll(async () => (await stateOf(replay)).sent, patience).toBeGreaterThan(30)
  await other.close()
  expect((await ask('DELETE', `${replays}/${replay.id}`)).status).toBe(204)
  expect((await ask('DELETE', `${replays}/${replay.id}`)).status).toBe(404)
  const { state, sent } = await stateOf(replay)
  expect(state).toBe('cancelled')
  await expect.poll(async () => depth(), patience).toBeGreaterThanOrEqual(sent)
  await expect
    .poll(async () => (await depth()) + (await test.catalog.deadLetters.count('default')), patience)
    .toBe(400)
})

const another = (): Promise<RunningApi> =>
  startApi({
    catalog: test.catalog,
    metricStore: test.metricStore,
    logStore: test.logStore,
    parts: () => [],
    settings: apiSettingsSchema.parse({ port: 0 }),
    version: '0.0.0',
    consoleDir: undefined,
    tapBroker: { broker, url: 'amqp://x', users: undefined },
    log,
    metrics: new Registry(),
  })

it('skips what cannot be sent as it is, with the reason, and keeps it', async () => {
  const { origin } = letter('x')
  await test.catalog.deadLetters.put([
    letter('cut', { is_cut: true }),
    letter('stranger', { origin: { ...origin, routing_key: 'acme.-.a' } }),
    letter('fine'),
  ])
  expect(await untilDone(await begin())).toMatchObject({
    ...{ total: 3, sent: 1, skipped: 2 },
    reason: 'skipped: its routing key names another tenant',
  })
  expect(await test.catalog.deadLetters.count('default')).toBe(2)
})

it('sends only what was asked for, of the own tenant alone', async () => {
  await put(3)
  await test.catalog.deadLetters.put([letter('0', { tenant: 'acme' })])
  const acme = { tenant: 'acme' }
  for (const body of [{ tenant: 'default' }, { tenant: '*' }, { tenant: '-' }])
    expect((await ask('POST', replays, { body, ...acme })).status).toBe(403)
  expect((await ask('POST', replays, { body: {}, role: 'operator' })).status).toBe(403)
  expect((await ask('POST', replays, { body: { perSecond: 1e6 } })).status).toBe(400)
  const done = await untilDone(await begin({ ids: ['0', '2'] }))
  expect(done).toMatchObject({ total: 2, sent: 2 })
  expect(await test.catalog.deadLetters.count('default')).toBe(1)
  expect(await test.catalog.deadLetters.count('acme')).toBe(1)
  for (const method of ['GET', 'DELETE'])
    expect((await ask(method, `${replays}/${done.id}`, acme)).status).toBe(404)
  const listed = replayListSchema.parse(await (await ask('GET', replays, acme)).json())
  expect(listed.items).toEqual([])
})
