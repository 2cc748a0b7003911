import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import { type ApiProcess, startApiProcess } from './api-process.ts'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { cpuSeconds, rssMb } from './process-cost.ts'
import { toLineBatch } from './stored-points.ts'
import { askPanel, type PanelAnswer, type Viewer } from './viewer.ts'

const hosts = 200
const functions = ['mean', 'max', 'min', 'last', 'sum']
const defaultPanels = hosts * functions.length
const rangeMs = 6 * 3_600_000
const everyMs = 30_000
const clients = 32
const secondsOfAPhase = 12
const warmSeconds = 10
const minPlain = 3000
const minGzip = 2000

interface Viewers extends Viewer {
  /** Of the api. */
  readonly pid: number
  /** How many panels take turns. */
  readonly panels: number
}

/** One panel of six hours by 30 s, over a range that no other request has. */
function textOf(panel: number): string {
  const toMs = Date.now() - Math.floor(Math.random() * 1000)
  const call = functions[panel % functions.length]
  const host = Math.floor(panel / functions.length)
  return `SELECT ${call}("usage") FROM "bench" WHERE "host" = 'host-${host}' AND time >= ${toMs - rangeMs}ms and time <= ${toMs}ms GROUP BY time(30s) fill(null)`
}

async function ask(viewers: Viewers, panel: number): Promise<PanelAnswer> {
  const asked = { text: textOf(panel), dashboard: `d${panel % 40}`, panel: String(panel) }
  const answered = await askPanel(viewers, asked)
  if (answered.bytes <= 1000) throw new Error(`an answer has ${answered.bytes} bytes`)
  return answered
}

interface Phase {
  readonly perCore: number
  readonly perSecond: number
  readonly bytesEach: number
  readonly states: Readonly<Record<string, number>>
}

async function watch(viewers: Viewers, seconds: number): Promise<Phase> {
  const states: Record<string, number> = {}
  const cpu = cpuSeconds(viewers.pid)
  const startMs = performance.now()
  let next = 0
  let bytes = 0
  const view = async () => {
    while (performance.now() - startMs < seconds * 1000) {
      const answered = await ask(viewers, next++ % viewers.panels)
      states[answered.state] = (states[answered.state] ?? 0) + 1
      bytes += answered.bytes
    }
  }
  await Promise.all(Array.from({ length: clients }, view))
  const count = Object.values(states).reduce((sum, each) => sum + each, 0)
  return {
    perCore: count / (cpuSeconds(viewers.pid) - cpu),
    perSecond: (count * 1000) / (performance.now() - startMs),
    bytesEach: bytes / count,
    states,
  }
}

/** A point of each host every 30 s, a thirtieth of them each second, as they are measured. */
async function writeLive(url: string, until: AbortSignal): Promise<void> {
  const store = await openInflux1(url)
  for (let second = 0; !until.aborted; second += 1) {
    const due = Array.from({ length: hosts }, (_, host) => host).filter(
      (host) => host % 30 === second % 30,
    )
    const lines = due.map(
      (host) => `bench,host=host-${host},tenant=default usage=${second % 97} ${Date.now()}000000`,
    )
    await store.write(toLineBatch('default', lines))
    await sleep(1000, undefined, { signal: until }).catch(() => undefined)
  }
  await store.close()
}

/** Asks each panel once; of how many the api had nothing. */
async function countMissed(viewers: Viewers): Promise<number> {
  let next = 0
  let missed = 0
  const view = async () => {
    while (next < viewers.panels) if ((await ask(viewers, next++)).state === 'miss') missed += 1
  }
  await Promise.all(Array.from({ length: clients }, view))
  return missed
}

/** Until the api hears what comes late, so that it keeps buckets, and has each panel's. */
async function warm(viewers: Viewers): Promise<void> {
  const deadlineMs = Date.now() + 120_000
  while ((await ask(viewers, 0)).state !== 'partial') {
    if (Date.now() > deadlineMs) throw new Error('the api keeps no buckets')
    await sleep(1000)
  }
  while ((await countMissed(viewers)) > 0)
    if (Date.now() > deadlineMs) throw new Error('the api does not keep the buckets of all panels')
  await watch(viewers, warmSeconds)
}

/** A fast machine answers more than a tenant may ask unless its limits say otherwise. */
const unlimited = {
  tenant: {
    requests: [{ seconds: 10, most: 1_000_000 }],
    cost: [{ seconds: 60, most: 100_000_000 }],
  },
}

/** Plain, then packed. */
async function watchBoth(api: ApiProcess, panels: number) {
  await api.setLimits('default', unlimited)
  const token = await api.tokenOf('default')
  const agent = new Agent({ keepAlive: true })
  const writing = new AbortController()
  const written = writeLive(api.storeUrl ?? '', writing.signal)
  const viewers = { url: api.url, pid: api.pid, token, agent, panels }
  try {
    await warm({ ...viewers, encoding: 'identity' })
    const plain = await watch({ ...viewers, encoding: 'identity' }, secondsOfAPhase)
    const gzip = await watch({ ...viewers, encoding: 'gzip' }, secondsOfAPhase)
    return { plain, gzip }
  } finally {
    writing.abort()
    await written
    agent.destroy()
  }
}

async function measure(api: ApiProcess, panels: number): Promise<Measured> {
  const { plain, gzip } = await watchBoth(api, panels)
  return {
    value: plain.perCore,
    unit: 'requests a second of CPU',
    mark: `>= ${minPlain} plain, >= ${minGzip} with gzip`,
    holds: plain.perCore >= minPlain && gzip.perCore >= minGzip,
    details: {
      gzipPerCore: gzip.perCore,
      plainPerSecond: plain.perSecond,
      gzipPerSecond: gzip.perSecond,
      plainBytes: plain.bytesEach,
      gzipBytes: gzip.bytesEach,
      plainStates: JSON.stringify(plain.states),
      gzipStates: JSON.stringify(gzip.states),
      rssMb: rssMb(api.pid),
    },
  }
}

async function run({ profile, items = defaultPanels }: BenchOptions): Promise<Measured> {
  const rabbitmq = await startRabbitmq({ queues: false })
  const data = { tenants: ['default'], hosts, seconds: 22_000, everyMs }
  const env = { WARREN_AMQP_URL: rabbitmq.url }
  try {
    const api = await startApiProcess('external', data, { profile, env })
    try {
      return await measure(api, items)
    } finally {
      await api.close()
    }
  } finally {
    await rabbitmq.close()
  }
}

export const gatewayHits: Bench = {
  about: 'answers to dashboards that refresh, a second of CPU of the api: 1,000 panels of 6 h',
  run,
}
