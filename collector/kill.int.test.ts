import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Broker, openBroker } from '@warren/broker/open'
import { exchanges } from '@warren/contracts/topology'
import { silentLog } from '@warren/platform/log.testing'
import { openTestCatalog, type TestCatalog } from '@warren/stores/catalog/testing'
import { freePort } from '@warren/test-servers/free-port'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

const log = silentLog()
const patience = { timeout: 60_000, interval: 100 }

let rabbitmq: TestRabbitmq
let catalog: TestCatalog
let reader: Broker
let folder: string
let port: number
let collector: ChildProcess | undefined
const received = new Set<string>()

beforeAll(async () => {
  folder = await makeTempDir('collector-kill')
  port = await freePort()
  rabbitmq = await startRabbitmq()
  catalog = await openTestCatalog(['default'])
  await catalog.catalog.tokens.create({
    ...{ id: 'good', name: 'shipper', role: 'writer', tenant: 'default' },
    ...{ isAlerting: false, deployments: undefined, lastUsedAt: null },
    secretHash: createHash('sha256').update('good').digest(),
    createdAt: new Date(),
    expiresAt: new Date(Date.now() + 86_400_000),
  })
  reader = openBroker({ url: rabbitmq.url, name: 'reader', log })
  const consumer = reader.consume({
    queue: {
      ...{ name: 'test.metrics', durable: true, autoDelete: false, exclusive: false },
      arguments: {},
      bindings: [{ exchange: exchanges.metrics, key: '#' }],
    },
    prefetch: 100,
    handle: async ({ body }) => {
      for (const line of body.toString().trimEnd().split('\n')) received.add(line)
      return { type: 'ack' }
    },
  })
  await vi.waitFor(() => expect(consumer.health().state).toBe('green'), patience)
})

afterAll(async () => {
  collector?.kill('SIGKILL')
  await reader?.close()
  await rabbitmq?.close()
  await catalog?.close()
  await removeTempDir(folder)
})

const start = (): ChildProcess =>
  spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: {
      WARREN_AMQP_URL: rabbitmq.agentUrl,
      WARREN_CATALOG_URL: catalog.url,
      WARREN_HTTP_PORT: String(port),
      WARREN_ADMIN_PORT: '0',
      WARREN_DATA_DIR: join(folder, 'data'),
    },
    stdio: 'ignore',
  })

async function kill(): Promise<void> {
  const exited = collector === undefined ? undefined : once(collector, 'exit')
  collector?.kill('SIGKILL')
  await exited
}

/** Whether the answer was 204; no answer is none. */
const write = (line: string): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/write?db=warren`, {
    method: 'POST',
    headers: { authorization: 'Token good' },
    body: line,
  }).then(
    ({ status }) => status === 204,
    () => false,
  )

test('loses nothing that it answered 204 to when the broker, and then it too, is killed while a client writes', async () => {
  const answered: string[] = []
  let writing = true
  const client = async () => {
    for (let at = 0; writing; at++) {
      const line = `n v=${at}i ${at}`
      if (await write(line)) answered.push(line)
      else await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  /** Answers to what is written from here on. */
  const more = (count: number) => {
    const wanted = answered.length + count
    return vi.waitFor(() => expect(answered.length).toBeGreaterThanOrEqual(wanted), patience)
  }
  collector = start()
  const running = client()
  await more(20)
  await rabbitmq.kill()
  await more(20)
  await kill()
  collector = start()
  await more(20)
  await rabbitmq.start()
  await more(20)
  writing = false
  await running
  await vi.waitFor(
    () => expect(answered.filter((line) => !received.has(line))).toEqual([]),
    patience,
  )
})
