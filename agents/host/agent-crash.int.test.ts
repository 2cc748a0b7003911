import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { type Broker, openBroker } from '@warren/broker/open'
import { type LogRecord, logRecordSchema } from '@warren/contracts/log-record'
import { exchanges } from '@warren/contracts/topology'
import { silentLog } from '@warren/platform/log.testing'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { agentLaunch } from './launch.ts'

const log = silentLog()

let rabbitmq: TestRabbitmq
let reader: Broker
let folder: string
let agent: ChildProcess | undefined
const records = new Map<string, LogRecord>()
let seen = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warren-agent-crash-'))
  await mkdir(join(folder, 'logs'))
  rabbitmq = await startRabbitmq()
  reader = openBroker({ url: rabbitmq.url, name: 'reader', log })
  reader.consume({
    queue: {
      ...{ name: 'test.logs', durable: true, autoDelete: false, exclusive: false },
      arguments: {},
      bindings: [{ exchange: exchanges.logs, key: '#' }],
    },
    prefetch: 100,
    handle: async ({ body }) => {
      for (const line of zstdDecompressSync(body).toString().trimEnd().split('\n')) {
        const record = logRecordSchema.parse(JSON.parse(line))
        records.set(record.id ?? '', record)
        seen += 1
      }
      return { type: 'ack' }
    },
  })
  await reader.ready(20_000)
})

afterAll(async () => {
  agent?.kill('SIGKILL')
  await reader?.close()
  await rabbitmq?.close()
  await rm(folder, { recursive: true, force: true })
})

const start = (): ChildProcess =>
  spawn(process.execPath, [...agentLaunch.execArgv, agentLaunch.script, ...agentLaunch.args], {
    env: {
      ...agentLaunch.env,
      ...(process.env['PATH'] === undefined ? {} : { PATH: process.env['PATH'] }),
      WARREN_AMQP_URL: rabbitmq.agentUrl,
      WARREN_DATA_DIR: join(folder, 'agent'),
      WARREN_TAIL_EVERY_MS: '50',
      WARREN_DISCOVER_EVERY_MS: '200',
      WARREN_TAIL: JSON.stringify([{ paths: [join(folder, 'logs/*.log')], start: 'beginning' }]),
    },
    stdio: ['pipe', 'ignore', 'inherit'],
  })

const file = (name: string) => join(folder, 'logs', name)
const waiting = { timeout: 60_000, interval: 100 }

test('killed again and again under load and rotation it loses no line and makes no second record of one', async () => {
  await writeFile(file('a.log'), '')
  let written = 0
  const isRead = (line: number) =>
    [...records.values()].some(({ message }) => message?.startsWith(`line ${line} `))
  const write = async (count: number) => {
    const lines = Array.from(
      { length: count },
      (_, at) => `line ${written + at} ${'x'.repeat(80)}\n`,
    )
    written += count
    await appendFile(file('a.log'), lines.join(''))
  }
  for (let round = 0; round < 4; round += 1) {
    const first = written
    agent = start()
    await write(5_000)
    // The agent has this round's file: one that is rotated before it was ever found has a name that nobody follows.
    await vi.waitFor(() => expect(isRead(first)).toBe(true), waiting)
    await write(5_000)
    agent.kill('SIGKILL')
    await once(agent, 'exit')
    await rename(file('a.log'), file(`a.log.${round}`))
    await write(100)
  }
  agent = start()
  await vi.waitFor(() => expect(records.size).toBeGreaterThanOrEqual(written), waiting)
  const messages = [...records.values()].map(({ message }) => message)
  expect(new Set(messages).size).toBe(written)
  expect(records.size).toBe(written)
  expect(seen).toBeGreaterThanOrEqual(written)
}, 120_000)

test('ends with its parent, in order', async () => {
  agent?.kill('SIGKILL')
  const child = start()
  agent = child
  await vi.waitFor(() => expect(child.pid).toBeGreaterThan(0), waiting)
  child.stdin?.end()
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
})
