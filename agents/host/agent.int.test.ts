import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, zstdDecompress } from 'node:zlib'
import type { Delivery } from '@warren/broker/delivery'
import { type Broker, openBroker } from '@warren/broker/open'
import { type LogRecord, logRecordSchema } from '@warren/contracts/log-record'
import { exchanges } from '@warren/contracts/topology'
import { silentLog } from '@warren/platform/log.testing'
import type { RunningService } from '@warren/platform/service'
import { parseRecords } from '@warren/spool/record'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { startAgent } from './agent.ts'
import { configSchema } from './config.ts'

const log = silentLog()

const decoders = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) }
const waiting = { timeout: 30_000, interval: 50 }

let rabbitmq: TestRabbitmq
let reader: Broker
let folder: string
let agent: RunningService | undefined
let lines: string[] = []
let records: LogRecord[] = []
const deliveries: Delivery[] = []

async function unpack(body: Uint8Array, contentEncoding: string | undefined): Promise<string> {
  const bytes = Buffer.from(body)
  if (contentEncoding !== 'gzip' && contentEncoding !== 'zstd') return bytes.toString()
  return (await decoders[contentEncoding](bytes)).toString()
}

const tap = (name: string, exchange: string, take: (lines: string[]) => void) =>
  reader.consume({
    queue: {
      ...{ name, durable: true, autoDelete: false, exclusive: false },
      arguments: {},
      bindings: [{ exchange, key: '#' }],
    },
    prefetch: 100,
    handle: async (delivery) => {
      deliveries.push(delivery)
      const text = await unpack(delivery.body, delivery.properties.contentEncoding)
      take(text.split('\n').filter((line) => line !== ''))
      return { type: 'ack' }
    },
  })

beforeAll(async () => {
  rabbitmq = await startRabbitmq()
  reader = openBroker({ url: rabbitmq.url, name: 'reader', log })
  tap('test.metrics', exchanges.metrics, (found) => lines.push(...found))
  tap('test.logs', exchanges.logs, (found) =>
    records.push(...found.map((line) => logRecordSchema.parse(JSON.parse(line)))),
  )
  await reader.ready(20_000)
})

afterAll(async () => {
  await reader?.close()
  await rabbitmq?.close()
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warren-agent-'))
  await mkdir(join(folder, 'logs'))
  lines = []
  records = []
})

afterEach(async () => {
  await agent?.close()
  agent = undefined
  await rm(folder, { recursive: true, force: true })
})

const start = async (more: object = {}) => {
  const config = configSchema.parse({
    amqpUrl: rabbitmq.agentUrl,
    host: 'web-1.example',
    dataDir: join(folder, 'agent'),
    intervalMs: 1_000,
    tailEveryMs: 50,
    discoverEveryMs: 100,
    tail: [{ paths: [join(folder, 'logs/*.log')], dataset: 'app', service: 'shop' }],
    ...more,
  })
  agent = await startAgent({ config, log })
  return agent
}

/** Nanoseconds since the epoch of lines of memory, one a collection. */
const timesOf = (found: readonly string[]) =>
  new Set(
    found
      .filter((line) => line.startsWith('mem,'))
      .map((line) => line.slice(line.lastIndexOf(' ') + 1)),
  )

/** What waits on disk for the broker; a collection that takes longer than the interval leaves out a tick, so only the spool says which there were. */
async function spooledTimes(): Promise<ReadonlySet<string>> {
  const dir = join(folder, 'agent/spool')
  const files = (await readdir(dir)).filter((name) => name.endsWith('.spool'))
  const segments = await Promise.all(files.map((name) => readFile(join(dir, name))))
  const spooled = segments.flatMap((segment) => parseRecords(segment).records)
  const texts = await Promise.all(
    spooled.map(({ body, contentEncoding }) => unpack(body, contentEncoding)),
  )
  return timesOf(texts.flatMap((text) => text.split('\n')))
}

const logFile = (name: string) => join(folder, 'logs', name)
const messages = () => records.map(({ message }) => message)
const distinct = () => new Set(records.map(({ id }) => id)).size
const received = (count: number) =>
  vi.waitFor(() => expect(messages().length).toBeGreaterThanOrEqual(count), waiting)

test('publishes this host with the credential of an agent', async () => {
  const running = await start()
  await vi.waitFor(() => {
    const text = lines.join('\n')
    expect(text).toMatch(/^cpu,cpu=cpu-total,host=web-1\.example usage_user=/m)
    for (const name of ['mem', 'swap', 'system', 'kernel', 'processes', 'disk', 'net'])
      expect(text).toMatch(new RegExp(`^${name},`, 'm'))
  }, waiting)
  const last = deliveries.at(-1)
  expect(last?.routingKey).toBe('default.-.web-1%2Eexample')
  expect(last?.properties).toMatchObject({
    contentType: 'application/vnd.influxdb.line-protocol',
    contentEncoding: 'zstd',
  })
  expect(running.health().every(({ state }) => state === 'green')).toBe(true)
})

test('follows files: old ones from their end, new ones whole, across renames, without loss', async () => {
  await writeFile(logFile('old.log'), 'before\n')
  await start()
  await vi.waitFor(async () => {
    expect(await readFile(join(folder, 'agent/checkpoints.json'), 'utf8')).toContain('old.log')
  }, waiting)
  await appendFile(logFile('old.log'), 'one\n2026-11-20T10:00:00.123456789+01:00 ERROR two\r\npart')
  await writeFile(logFile('new.log'), 'three\n')
  await received(3)
  expect([...messages()].sort()).toEqual(
    ['2026-11-20T10:00:00.123456789+01:00 ERROR two', 'one', 'three'].sort(),
  )
  expect(records.find(({ message }) => message.includes('two'))).toMatchObject({
    '@timestamp': '2026-11-20T09:00:00.123456789Z',
    'log.level': 'error',
    severity_number: 17,
    'event.dataset': 'app',
    'service.name': 'shop',
    'host.name': 'web-1.example',
    'log.file.path': logFile('old.log'),
    'log.offset': 11,
  })
  await appendFile(logFile('old.log'), 'ial\nlast of old\n')
  await rename(logFile('old.log'), logFile('old.log.1'))
  await writeFile(logFile('old.log'), 'first of new\n')
  await appendFile(logFile('old.log.1'), 'straggler\n')
  await received(7)
  const order = messages()
  expect(order).toContain('partial')
  expect(order).toContain('straggler')
  expect(order.indexOf('last of old')).toBeLessThan(order.indexOf('first of new'))
  expect(distinct()).toBe(7)
})

test('goes on where it stopped, also in a file that was renamed meanwhile', async () => {
  const first = await start()
  await vi.waitFor(
    async () => expect(await readFile(join(folder, 'agent/checkpoints.json'))).toBeTruthy(),
    waiting,
  )
  await writeFile(logFile('a.log'), 'one\n')
  await received(1)
  await first.close()
  await appendFile(logFile('a.log'), 'two\n')
  await rename(logFile('a.log'), logFile('a.log.1'))
  await writeFile(logFile('a.log'), 'three\n')
  await start()
  await received(3)
  expect(messages()).toHaveLength(3)
  expect(new Set(messages())).toEqual(new Set(['one', 'two', 'three']))
})

test('takes a truncated file as new, and lines that are the same as before too', async () => {
  await start()
  await vi.waitFor(
    async () => expect(await readFile(join(folder, 'agent/checkpoints.json'))).toBeTruthy(),
    waiting,
  )
  await writeFile(logFile('a.log'), 'same\nmore\n')
  await received(2)
  await writeFile(logFile('a.log'), 'same\n')
  await received(3)
  expect(messages()).toEqual(['same', 'more', 'same'])
  expect(distinct()).toBe(3)
})

test('loses nothing while the broker is away: metrics spooled, logs in their files', async () => {
  await start({ intervalMs: 1_000 })
  await vi.waitFor(() => expect(lines.length).toBeGreaterThan(0), waiting)
  await rabbitmq.kill()
  await writeFile(logFile('a.log'), 'while it was away\n')
  await new Promise((resolve) => setTimeout(resolve, 5_000))
  const spooled = await spooledTimes()
  expect(spooled.size).toBeGreaterThan(1)
  await rabbitmq.start()
  const late = () => records.filter(({ message }) => message === 'while it was away')
  await vi.waitFor(() => expect(late().length).toBeGreaterThan(0), waiting)
  await vi.waitFor(() => {
    const sent = timesOf(lines)
    expect([...spooled].filter((time) => !sent.has(time))).toEqual([])
  }, waiting)
  // The reader may be given once more what it took before the broker was killed.
  expect(new Set(late().map(({ id }) => id)).size).toBe(1)
})
