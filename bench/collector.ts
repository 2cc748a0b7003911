import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openCatalog } from '@warren/stores/catalog/open'
import { freePort } from '@warren/test-servers/free-port'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { otlpRequests } from './otlp.ts'
import { cpuSeconds, peakRssMb } from './process-cost.ts'
import { startCatalog } from './tenants.ts'
import { pointMessages } from './workload.ts'

const main = join(import.meta.dirname, '..', 'collector', 'main.ts')
const secret = 'bench-token'
const connections = 8
const perRequest = 5000
const stalledMs = 30_000

interface CollectorProcess {
  readonly pid: number
  readonly httpPort: number
  readonly syslogPort: number
  /** Records of listeners that the broker has confirmed. */
  sent(): Promise<number>
  /** Messages that went to its disk, since the broker did not confirm them in time. */
  spooled(): Promise<number>
  close(): Promise<void>
}

async function createToken(catalogUrl: string): Promise<void> {
  const catalog = await openCatalog({ url: catalogUrl })
  await catalog.tokens.create({
    ...{ id: randomUUID(), name: 'bench', role: 'writer', tenant: 'default' },
    ...{ isAlerting: false, deployments: undefined, lastUsedAt: null },
    secretHash: createHash('sha256').update(secret).digest(),
    createdAt: new Date(),
    expiresAt: new Date(Date.now() + 86_400_000),
  })
  await catalog.close()
}

async function startCollectorProcess(
  env: Readonly<Record<string, string>>,
): Promise<CollectorProcess> {
  const [httpPort, adminPort, syslogPort] = [await freePort(), await freePort(), await freePort()]
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      WARREN_HTTP_PORT: String(httpPort),
      WARREN_ADMIN_PORT: String(adminPort),
      WARREN_LOG__LEVEL: 'warn',
      WARREN_COLLECTOR__LISTENERS: JSON.stringify([{ type: 'syslog', port: syslogPort }]),
      ...env,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const admin = `http://127.0.0.1:${adminPort}`
  for (const deadline = Date.now() + 60_000; ; await sleep(50)) {
    const isReady = await fetch(`${admin}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) break
    if (Date.now() > deadline || child.exitCode !== null)
      throw new Error('the collector is not ready')
  }
  const sumOf = async (line: RegExp): Promise<number> => {
    const text = await (await fetch(`${admin}/metrics`)).text()
    return [...text.matchAll(line)].reduce((sum, [, count]) => sum + Number(count), 0)
  }
  return {
    pid: child.pid ?? 0,
    httpPort,
    syslogPort,
    sent: () => sumOf(/^warren_collector_listener_items_sent_total\{[^}]*\} (\d+)/gm),
    spooled: () =>
      sumOf(/^warren_collector_outbox_messages_total\{[^}]*outcome="spooled"[^}]*\} (\d+)/gm),
    async close() {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      if (child.exitCode === null) await exit
    },
  }
}

/** Where bodies of a kind go. */
interface Target {
  readonly path: string
  readonly contentType: string
}

/** Resolves once the collector has said that the broker has the body. */
function post(
  agent: Agent,
  { port, path, contentType }: Target & { readonly port: number },
  body: Buffer,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${secret}`,
      'content-type': contentType,
      'content-length': body.length,
    }
    const sending = request({ agent, port, path, method: 'POST', headers }, (answer) => {
      answer.resume()
      if (answer.statusCode === 204 || answer.statusCode === 200) answer.once('end', resolve)
      else reject(new Error(`the collector answered ${answer.statusCode}`))
    })
    sending.once('error', reject)
    sending.end(body)
  })
}

interface Rate {
  readonly perSecond: number
  readonly cpuSecondsPerMillion: number
}

async function timed(pid: number, items: number, work: () => Promise<void>): Promise<Rate> {
  const [start, cpu] = [performance.now(), cpuSeconds(pid)]
  await work()
  const seconds = (performance.now() - start) / 1000
  const cpuSecondsPerMillion = ((cpuSeconds(pid) - cpu) / items) * 1e6
  return { perSecond: Math.round(items / seconds), cpuSecondsPerMillion }
}

interface Load extends Target {
  readonly bodies: readonly Buffer[]
  readonly items: number
}

async function postAll({ pid, httpPort }: CollectorProcess, load: Load): Promise<Rate> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const left = load.bodies.values()
  const work = async () => {
    for (const body of left) await post(agent, { ...load, port: httpPort }, body)
  }
  const rate = await timed(pid, load.items, async () => {
    await Promise.all(Array.from({ length: connections }, work))
  })
  agent.destroy()
  return rate
}

function lineProtocol(lines: number): Load {
  const workload = { count: lines, perMessage: perRequest, names: 1, tenants: 1 }
  return {
    path: '/write?db=warren&precision=ns',
    contentType: 'text/plain',
    bodies: [...pointMessages(workload)].map(({ body }) => body),
    items: lines,
  }
}

const otlp = (points: number): Load => ({
  path: '/v1/metrics',
  contentType: 'application/x-protobuf',
  bodies: [...otlpRequests({ count: points, perRequest })],
  items: points,
})

/** Octet-counted frames of RFC 5424 (RFC 6587 §3.4.1) over one connection; the listener counts what the broker has confirmed. */
async function syslog({ pid, syslogPort, sent }: CollectorProcess, lines: number): Promise<Rate> {
  const time = new Date().toISOString()
  const frames = Array.from({ length: lines }, (_, number) => {
    const text = `<134>1 ${time} host-${number % 50} bench ${number} - - request ${number} took 12 ms, cache miss for user session ${number % 977}`
    return `${Buffer.byteLength(text)} ${text}`
  })
  const socket = connect(syslogPort, '127.0.0.1')
  await once(socket, 'connect')
  return timed(pid, lines, async () => {
    socket.end(frames.join(''))
    let last = { count: 0, at: Date.now() }
    while (last.count < lines) {
      const count = await sent()
      if (count > last.count) last = { count, at: Date.now() }
      if (Date.now() - last.at > stalledMs)
        throw new Error(`${lines - count} syslog lines are missing`)
      await sleep(20)
    }
  })
}

const minLines = 400_000
const minSyslogLines = 100_000
const minOtlpPoints = 150_000

async function run({ items = 2_000_000 }: BenchOptions): Promise<Measured> {
  const rabbitmq = await startRabbitmq({ maxQueueBytes: 8 * 1024 ** 3 })
  const catalog = await startCatalog(1)
  await createToken(catalog.url)
  const collector = await startCollectorProcess({
    WARREN_AMQP_URL: rabbitmq.url,
    WARREN_CATALOG_URL: catalog.url,
  })
  try {
    const lines = await postAll(collector, lineProtocol(items))
    const points = await postAll(collector, otlp(Math.ceil(items / 4)))
    const records = await syslog(collector, Math.ceil(items / 4))
    // What is on disk is answered, too, but confirmed by nobody.
    const spooled = await collector.spooled()
    return {
      value: lines.perSecond,
      unit: 'lines/s',
      mark: `>= ${minLines} of line protocol, >= ${minOtlpPoints} points of OTLP, >= ${minSyslogLines} of syslog over TCP`,
      holds:
        spooled === 0 &&
        lines.perSecond >= minLines &&
        points.perSecond >= minOtlpPoints &&
        records.perSecond >= minSyslogLines,
      details: {
        items,
        cpuSecondsPerMillion: lines.cpuSecondsPerMillion,
        otlpPointsPerSecond: points.perSecond,
        otlpCpuSecondsPerMillion: points.cpuSecondsPerMillion,
        syslogLinesPerSecond: records.perSecond,
        syslogCpuSecondsPerMillion: records.cpuSecondsPerMillion,
        spooledMessages: spooled,
        peakRssMb: peakRssMb(collector.pid),
      },
    }
  } finally {
    await collector.close()
    await catalog.close()
    await rabbitmq.close()
  }
}

export const collector: Bench = {
  about:
    'lines a second through a collector process until the broker has confirmed them: line protocol and OTLP over HTTP, then syslog',
  run,
}
