import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exchanges, storageQueue, warrenExchanges } from '@warren/contracts/topology'
import { silentLog } from '@warren/platform/log.testing'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { toDefinitions } from './definitions.ts'
import { openBroker } from './open.ts'
import { accepts, probePort } from './private-node/ports.ts'
import { startPrivateNode } from './private-node.ts'
import { internalUser } from './users.ts'

const log = silentLog()

let dataDir: string
let amqpPort: number
const definitions = toDefinitions({
  users: [internalUser({ name: 'warren', password: 'secret' })],
  exchanges: warrenExchanges,
  queues: [storageQueue({ stream: 'metrics', shard: 0, maxBytes: 1024 ** 3 })],
})

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'warren-node-'))
  amqpPort = await probePort(0)
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

const start = () => startPrivateNode({ dataDir, amqpPort, definitions, log, lockWaitMs: 2000 })

/** A process of its own that starts a node and waits to be killed. */
async function startParent(): Promise<{ parent: ChildProcess; nodePid: number }> {
  const script = `
    import { startPrivateNode } from ${JSON.stringify(join(import.meta.dirname, 'private-node.ts'))}
    const [dataDir, amqpPort, definitions] = JSON.parse(process.argv[1])
    const log = { info() {}, warn() {} }
    const node = await startPrivateNode({ dataDir, amqpPort, definitions, log })
    process.stdout.write(String(node.pid) + '\\n')
    setInterval(() => {}, 1000)
  `
  const args = [
    '--input-type=module',
    '-e',
    script,
    JSON.stringify([dataDir, amqpPort, definitions]),
  ]
  const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(parent.stdout ?? process.stdin, 'data')
  return { parent, nodePid: Number(String(line)) }
}

/** Living processes (zombies excepted) whose environment names the folder. */
async function processesOf(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found: number[] = []
  for (const pid of pids) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (environment.includes(folder)) found.push(pid)
  }
  return found
}

test('kill -9 of the parent leaves no process behind, and the next start finds the messages', async () => {
  const { parent, nodePid } = await startParent()
  const url = `amqp://warren:secret@127.0.0.1:${amqpPort}`
  const broker = openBroker({ url, name: 'test', log })
  await broker.publisher().publish({
    exchange: exchanges.metrics,
    key: 'default.-.x',
    body: Buffer.from('cpu v=1 1'),
    contentType: 'text/plain',
  })
  expect(await processesOf(dataDir)).toContain(nodePid)
  parent.kill('SIGKILL')
  // The next start comes at once, while the old node is still ending.
  const next = await startPrivateNode({ dataDir, amqpPort, definitions, log })
  onTestFinished(() => next.close())
  expect(next.pid).not.toBe(nodePid)
  expect(await processesOf(dataDir)).not.toContain(nodePid)
  const bodies: string[] = []
  broker.consume({
    queue: storageQueue({ stream: 'metrics', shard: 0, maxBytes: 1024 ** 3 }),
    prefetch: 1,
    handle: async ({ body }) => {
      bodies.push(body.toString())
      return { type: 'ack' }
    },
  })
  await expect.poll(() => bodies, { timeout: 20_000 }).toEqual(['cpu v=1 1'])
  await broker.close()
  await next.close()
  await next.closed
  await expect.poll(() => processesOf(dataDir)).toEqual([])
})

test('a killed supervisor takes its children with it', async () => {
  const node = await start()
  const supervisor = Number(
    /^PPid:\s+(\d+)$/m.exec(await readFile(`/proc/${node.pid}/status`, 'utf8'))?.[1],
  )
  process.kill(supervisor, 'SIGKILL')
  await node.closed
  await expect.poll(() => processesOf(dataDir), { timeout: 10_000 }).toEqual([])
  expect(await accepts(amqpPort)).toBe(false)
})

test('a second start on a folder in use, a taken port, a folder that is a file: one line each', async () => {
  const node = await start()
  onTestFinished(() => node.close())
  await expect(start()).rejects.toMatchObject({ code: 'already_running', disposition: 'fatal' })
  await node.close()

  const other = createServer().listen(amqpPort, '127.0.0.1')
  await once(other, 'listening')
  await expect(start()).rejects.toMatchObject({ code: 'port_taken' })
  other.close()
  await once(other, 'close')

  const file = join(dataDir, 'a-file')
  await writeFile(file, '')
  await expect(
    startPrivateNode({ dataDir: join(file, 'x'), amqpPort, definitions, log }),
  ).rejects.toMatchObject({ code: 'data_folder' })
})

test('a port that another program took after it was chosen is changed for another one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warren-node-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const other = createServer()
  onTestFinished(() => void other.close())
  const chosen: number[] = []
  const distPort = async () => {
    const port = await probePort(0)
    if (chosen.push(port) === 1) other.listen(port, '127.0.0.1')
    return port
  }
  const node = await startPrivateNode({ dataDir: folder, amqpPort, distPort, definitions, log })
  onTestFinished(() => node.close())
  expect(await accepts(amqpPort)).toBe(true)
  expect(chosen).toHaveLength(2)
})

test('a node that finds its port taken each time says which', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warren-node-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  const distPort = async () => port
  await expect(
    startPrivateNode({ dataDir: folder, amqpPort, distPort, definitions, log }),
  ).rejects.toMatchObject({
    code: 'port_lost',
    message: expect.stringContaining(`could not bind to distribution port ${port}`),
  })
})

test('a node that cannot boot says why', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warren-node-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const tls = { host: '127.0.0.1', port: await probePort(0), certFile: '/none', keyFile: '/none' }
  await expect(
    startPrivateNode({ dataDir: folder, amqpPort, definitions, log, tls }),
  ).rejects.toMatchObject({
    code: 'broker_failed',
    message: expect.stringContaining('ssl_options.certfile invalid'),
  })
})
