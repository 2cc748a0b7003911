import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { type Broker, openBroker } from '@warren/broker/open'
import type { OutgoingMessage, Publisher } from '@warren/broker/publisher'
import type { DeadLetter } from '@warren/contracts/dead-letter'
import { contentTypes } from '@warren/contracts/message'
import { exchanges } from '@warren/contracts/topology'
import { parseQuery } from '@warren/influxql/parse'
import { WarrenError } from '@warren/platform/errors'
import { createLog } from '@warren/platform/log'
import type { RunningService } from '@warren/platform/service'
import { duckdb as duckdbLogs } from '@warren/stores/logs/duckdb'
import type { LogStore } from '@warren/stores/logs/log-store'
import { duckdb as duckdbMetrics } from '@warren/stores/metrics/duckdb'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { connect } from 'amqplib'
import { Registry } from 'prom-client'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { pollerSettingsSchema } from './config.ts'
import { startPoller } from './consume.ts'

const log = createLog({ service: 'test', level: 'error', pretty: true })
log.silent = true

let server: TestRabbitmq
let dataDir: string
let metricStore: MetricStore
let logStore: LogStore
let broker: Broker
let publisher: Publisher
let poller: RunningService
let registry: Registry
/** What stands in for each store's and the catalog's network: thrown instead of asking, while set. */
let outage: { metrics?: Error; logs?: Error; catalog?: Error }
let letters: DeadLetter[]

const away = new WarrenError('the store is away', { code: 'store_away', disposition: 'retry' })

const start = () => {
  const guard = <Result>(part: 'metrics' | 'logs' | 'catalog', ask: () => Promise<Result>) => {
    const error = outage[part]
    return error === undefined ? ask() : Promise.reject(error)
  }
  return startPoller({
    broker,
    metricStore: {
      write: (batch) => guard('metrics', () => metricStore.write(batch)),
      check: () => guard('metrics', () => metricStore.check()),
    },
    logStore: {
      write: (batch) => guard('logs', () => logStore.write(batch)),
      check: () => guard('logs', () => logStore.check()),
    },
    catalog: {
      tenants: { has: async (name) => ['default', 'acme'].includes(name) },
      deadLetters: {
        put: (more) =>
          guard('catalog', async () => {
            letters.push(...more)
          }),
      },
    },
    settings: pollerSettingsSchema.parse({ closeMs: 1000 }),
    log,
    registry,
  })
}

beforeAll(async () => {
  server = await startRabbitmq()
  dataDir = await mkdtemp(join(tmpdir(), 'warren-poller-'))
  metricStore = await duckdbMetrics.create(duckdbMetrics.settings.parse({}), { dataDir })
  logStore = await duckdbLogs.create(duckdbLogs.settings.parse({}), { dataDir })
})
afterAll(async () => {
  await metricStore?.close()
  await logStore?.close()
  await server?.close()
  await rm(dataDir, { recursive: true, force: true })
})
beforeEach(() => {
  outage = {}
  letters = []
  registry = new Registry()
  broker = openBroker({ url: server.url, name: 'test', log })
  publisher = broker.publisher({ waitMs: 2000 })
  poller = start()
})
afterEach(async () => {
  await poller.close()
  await broker.close()
})

const baseNs = BigInt(Date.now()) * 1_000_000n
const pointsOf = (name: string, count: number, first = 0) =>
  Array.from(
    { length: count },
    (_, index) =>
      `${name},host=h${index % 7} v=${first + index}i ${baseNs + BigInt(first + index)}`,
  ).join('\n')
const recordsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      '@timestamp': new Date(Date.now() - index).toISOString(),
      message: `${name} ${index}`,
      'event.dataset': name,
    }),
  ).join('\n')

const metrics = (text: string | Buffer, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  exchange: exchanges.metrics,
  key: 'default.-.test',
  body: Buffer.from(text),
  contentType: contentTypes.lineProtocol,
  ...more,
})
const logs = (text: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  ...metrics(text),
  exchange: exchanges.logs,
  contentType: contentTypes.ndjson,
  ...more,
})

const countOf = async (measurement: string, tenant = 'default'): Promise<unknown> => {
  const [result] = await metricStore.query({
    tenant,
    statements: parseQuery(`SELECT count(v), max(v) FROM ${measurement}`),
    epoch: 'ns',
    nowNs: baseNs + 86_400_000_000_000n,
    signal: new AbortController().signal,
  })
  return result?.series?.[0]?.values[0]?.slice(1)
}
const value = async (name: string) => {
  const metric = await registry.getSingleMetric(`warren_poller_${name}`)?.get()
  return (metric?.values ?? []).reduce((sum, sample) => sum + sample.value, 0)
}
const codes = () => letters.map(({ stream, code }) => `${stream} ${code}`).sort()
const patience = { timeout: 30_000, interval: 20 }

test('points and records are stored, whatever their encoding, and counted', async () => {
  await publisher.publish(metrics(pointsOf('plain', 100)))
  await publisher.publish(metrics(gzipSync(pointsOf('packed', 50)), { contentEncoding: 'gzip' }))
  await publisher.publish(
    metrics(zstdCompressSync(pointsOf('packed', 50, 50)), { contentEncoding: 'zstd' }),
  )
  await publisher.publish(logs(recordsOf('nginx', 30), { key: 'acme.web.host1' }))
  await expect.poll(() => countOf('plain'), patience).toEqual([100, 99])
  await expect.poll(() => countOf('packed'), patience).toEqual([100, 99])
  await expect.poll(() => logStore.streams('acme'), patience).toEqual(['logs-warren.nginx-acme'])
  await expect.poll(() => value('items_stored_total')).toBe(230)
  expect(await value('items_parked_total')).toBe(0)
  await expect
    .poll(() => poller.health().filter(({ state }) => state !== 'green'), patience)
    .toEqual([])
  expect(poller.health().map(({ part }) => part)).toEqual(
    expect.arrayContaining([
      'poller/broker',
      'poller/metrics store',
      'poller/logs store',
      'poller/queue poller.metrics.0',
      'poller/queue poller.logs.0',
      'poller/queue poller.dead.0',
    ]),
  )
})

test('a foreign sender needs an exchange and a key only', async () => {
  const connection = await connect(server.agentUrl)
  const channel = await connection.createConfirmChannel()
  channel.publish(exchanges.metrics, 'default.telegraf', Buffer.from(pointsOf('foreign', 5)))
  // The same body again is the same message, and the same points.
  channel.publish(exchanges.metrics, 'default.telegraf', Buffer.from(pointsOf('foreign', 5)))
  await channel.waitForConfirms()
  await connection.close()
  await expect.poll(() => countOf('foreign'), patience).toEqual([5, 4])
})

test('what cannot be stored is parked with its code, its neighbours are stored', async () => {
  await publisher.publish(metrics(`${pointsOf('near', 1)}\nnonsense\n${pointsOf('near', 1, 1)}`))
  await publisher.publish(metrics('late v=1 1000000000', { messageId: 'm-late' }))
  await publisher.publish(metrics('x v=1', { key: 'nobody.-.x' }))
  await publisher.publish(metrics('x v=1', { key: '-.-.x' }))
  await publisher.publish(metrics('x v=1', { contentEncoding: 'gzip' }))
  const bomb = gzipSync(Buffer.alloc(5 * 1024 ** 2, 0x61))
  await publisher.publish(metrics(bomb, { contentEncoding: 'gzip' }))
  await publisher.publish(metrics(Buffer.alloc(5 * 1024 ** 2, 0x61)))
  await publisher.publish(logs('{"message":'))
  await expect
    .poll(codes, patience)
    .toEqual([
      'logs malformed',
      'metrics bad_encoding',
      'metrics bad_key',
      'metrics bad_timestamp',
      'metrics malformed',
      'metrics too_large',
      'metrics too_large',
      'metrics unknown_tenant',
    ])
  await expect.poll(() => countOf('near'), patience).toEqual([2, 1])
  const malformed = letters.find(({ code, stream }) => code === 'malformed' && stream === 'metrics')
  expect(malformed).toMatchObject({
    tenant: 'default',
    reason: expect.stringContaining('missing'),
    origin: { exchange: exchanges.metrics, routing_key: 'default.-.test', index: 1 },
  })
  expect(Buffer.from(malformed?.item ?? '', 'base64').toString()).toBe('nonsense')
  expect(letters.find(({ code }) => code === 'bad_timestamp')?.origin).toMatchObject({
    message_id: 'm-late',
    index: 0,
  })
})

test('while one store is away its messages wait, unacknowledged and not requeued, and the other stream flows', async () => {
  outage.metrics = away
  await publisher.publish(metrics(pointsOf('waiting', 10)))
  await publisher.publish(logs(recordsOf('flowing', 10), { key: 'acme.web.host1' }))
  await expect
    .poll(() => poller.health().find(({ part }) => part === 'poller/metrics store'), patience)
    .toMatchObject({ state: 'red', reason: expect.stringContaining('the store is away') })
  await expect.poll(() => logStore.streams('acme'), patience).toContain('logs-warren.flowing-acme')
  await expect.poll(() => value('write_retries_total'), patience).toBeGreaterThan(2)
  expect(await value('messages_total')).toBe(2)
  outage = {}
  await expect.poll(() => countOf('waiting'), patience).toEqual([10, 9])
  expect(poller.health().find(({ part }) => part === 'poller/metrics store')).toMatchObject({
    state: 'green',
  })
  expect(await value('messages_total')).toBe(2)
  expect(letters).toEqual([])
})

test('dead letters wait for the catalog', async () => {
  outage.catalog = away
  await publisher.publish(metrics('nonsense'))
  await expect.poll(() => value('items_parked_total'), patience).toBe(1)
  await expect
    .poll(() => poller.health().find(({ part }) => part === 'poller/catalog'), patience)
    .toMatchObject({ state: 'red', reason: 'the store is away' })
  expect(letters).toEqual([])
  outage = {}
  await expect.poll(codes, patience).toEqual(['metrics malformed'])
})

test('a poller that closes while its store is away gives its messages back, and the next one stores them', async () => {
  outage.metrics = away
  await publisher.publish(metrics(pointsOf('handed', 10)))
  await expect.poll(() => value('messages_total'), patience).toBe(1)
  await poller.close()
  await expect(poller.ended).resolves.toBeUndefined()
  outage = {}
  poller = start()
  await expect.poll(() => countOf('handed'), patience).toEqual([10, 9])
})

test('a fatal error of a store ends the poller', async () => {
  outage.metrics = new WarrenError('a newer version wrote this folder', {
    code: 'store_version',
    disposition: 'fatal',
  })
  await publisher.publish(metrics(pointsOf('fatal', 1)))
  await expect(poller.ended).rejects.toMatchObject({ code: 'store_version' })
  await poller.close()
  outage = {}
  poller = start()
  await expect.poll(() => countOf('fatal'), patience).toEqual([1, 0])
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
        !(await publisher.publish(message).then(
          () => true,
          () => false,
        ))
      );
      confirmed += 1
    }
  }
  const senders = Promise.all(Array.from({ length: 10 }, send))
  await expect.poll(() => confirmed, { timeout: 30_000, interval: 5 }).toBeGreaterThan(100)
  await server.kill()
  await server.start()
  await senders
  await expect.poll(() => countOf('flow'), patience).toEqual([messages * 100, messages * 100 - 1])
})
