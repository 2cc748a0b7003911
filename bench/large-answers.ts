import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FaultProxy, startFaultProxy } from '@warren/test-servers/fault-proxy'
import { type ApiProcess, startApiProcess } from './api-process.ts'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { quantile } from './probes.ts'
import { peakRssMb, rssMb } from './process-cost.ts'

const clients = 50
const hosts = 200
/** Of all hosts together some 10 MB as JSON. */
const rowsOfAHost = 2600
const maxMb = 400
const lightEveryMs = 200
/** What a reader takes at once, and how long it then does nothing, where it is slow. */
const slowlyMs = 50

interface Answered {
  readonly status: number
  readonly bytes: number
  readonly ms: number
  /** Of an error. */
  readonly text: string
}

interface Asking {
  readonly url: string
  readonly token: string
  readonly body?: string
  readonly encoding?: 'gzip' | 'identity'
  readonly isSlow?: boolean
}

const agent = new Agent({ keepAlive: true })

/** Counts the bytes of an answer and keeps the beginning of an error's. */
async function read(answer: IncomingMessage, isSlow: boolean) {
  let bytes = 0
  let text = ''
  for await (const piece of answer as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (text.length < 2000) text += piece.toString().slice(0, 2000)
    if (isSlow) await sleep(slowlyMs)
  }
  return { bytes, text }
}

function ask({ url, token, body, encoding = 'gzip', isSlow = false }: Asking): Promise<Answered> {
  const startMs = performance.now()
  const headers = {
    ...{ authorization: `Bearer ${token}`, 'accept-encoding': encoding },
    ...(body === undefined ? {} : { 'content-type': 'application/x-ndjson' }),
  }
  const method = body === undefined ? 'GET' : 'POST'
  return new Promise((resolve) => {
    const fail = (error: Error): void =>
      resolve({ status: 0, bytes: 0, ms: performance.now() - startMs, text: error.message })
    const asked = request(url, { agent, headers, method }, (answer) => {
      const status = answer.statusCode ?? 0
      read(answer, isSlow).then(
        ({ bytes, text }) =>
          resolve({ status, bytes, ms: performance.now() - startMs, text: reasonIn(status, text) }),
        fail,
      )
    })
    asked.on('error', fail).end(body)
  })
}

/** The text that a panel shows, without what differs from one to the next. */
function reasonIn(status: number, text: string): string {
  const reason = /"(?:error|reason)":"((?:[^"\\]|\\.)*)"/.exec(text.slice(0, 2000))?.[1]
  if (status === 200 && !text.includes('"status":5') && !text.includes('"status":4')) return ''
  return (reason ?? text.slice(0, 100)).replace(/\d+ s\b/g, 'N s').replace(/ \(request.*/, '')
}

const metricsUrl = (api: ApiProcess, q: string): string =>
  `${api.url}/gateway/influxdb/query?${new URLSearchParams({ db: 'warren', epoch: 'ms', q })}`

let asked = 0

/** All rows of all hosts, other ones each time: nothing is shared. */
const largeMetrics = (api: ApiProcess): string =>
  metricsUrl(
    api,
    `SELECT "usage" FROM "bench" WHERE "usage" > -${++asked} AND time > now() - 6h GROUP BY "host"`,
  )

const lightMetrics = (api: ApiProcess): string =>
  metricsUrl(
    api,
    `SELECT mean("usage") FROM "bench" WHERE "host" = 'host-7' AND "usage" > -${++asked} AND time > now() - 1h GROUP BY time(1m)`,
  )

function largeSearch(): string {
  const query = { query_string: { query: `message:x${++asked}`, analyze_wildcard: true } }
  const range = { range: { '@timestamp': { gte: 0, lte: Date.now(), format: 'epoch_millis' } } }
  const lines = [{ index: '*' }, { size: 500, query: { bool: { filter: [range, query] } } }]
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
}

interface Phase {
  readonly answered: number
  readonly errors: Readonly<Record<string, number>>
  readonly slowestMs: number
  readonly lightP50Ms: number
  readonly lightMaxMs: number
  readonly peakMb: number
}

/** Clients that all ask once, at the same moment, and light questions of another tenant beside them. */
async function watch(
  api: ApiProcess,
  light: string,
  large: (client: number) => Asking,
): Promise<Phase> {
  const end = new AbortController()
  const took: number[] = []
  const beside = (async () => {
    for (; !end.signal.aborted; await sleep(lightEveryMs)) {
      const { status, ms } = await ask({ url: lightMetrics(api), token: light })
      took.push(status === 200 ? ms : Number.POSITIVE_INFINITY)
    }
  })()
  let peakMb = 0
  const sampling = setInterval(() => {
    peakMb = Math.max(peakMb, rssMb(api.pid))
  }, 20)
  const answers = await Promise.all(
    Array.from({ length: clients }, (_, client) => ask(large(client))),
  )
  clearInterval(sampling)
  end.abort()
  await beside
  const errors: Record<string, number> = {}
  for (const { text } of answers) if (text !== '') errors[text] = (errors[text] ?? 0) + 1
  took.sort((a, b) => a - b)
  return {
    answered: answers.filter(({ text, status }) => status === 200 && text === '').length,
    errors,
    slowestMs: Math.max(...answers.map(({ ms }) => ms)),
    lightP50Ms: quantile(took, 0.5),
    lightMaxMs: took.at(-1) ?? 0,
    peakMb,
  }
}

/** A server that answers with 10 MB of rows as InfluxDB would, or with a host's hour. */
async function startLargeInfluxdb(): Promise<FaultProxy> {
  const proxy = await startFaultProxy('http://127.0.0.1:9')
  const seriesOf = (host: number, rows: number) => ({
    ...{ name: 'bench', tags: { host: `host-${host}` }, columns: ['time', 'usage'] },
    values: Array.from({ length: rows }, (_, at) => [1_772_539_200_000 + at * 10_000, at + 0.5]),
  })
  const bodyOf = (count: number, rows: number) => {
    const series = Array.from({ length: count }, (_, host) => seriesOf(host, rows))
    return Buffer.from(`${JSON.stringify({ results: [{ statement_id: 0, series }] })}\n`)
  }
  const large = bodyOf(hosts, rowsOfAHost)
  const light = bodyOf(1, 60)
  const none = bodyOf(0, 0)
  const headers = { 'content-type': 'application/json' }
  const answerTo = (body: Buffer): Buffer => {
    // Of rollups, which there are none of: whose points have left is asked there.
    if (body.includes('FROM+origins') || body.includes('SHOW+')) return none
    return body.includes('GROUP+BY+host') || body.includes('GROUP+BY+%22host') ? large : light
  }
  proxy.always({
    kind: 'act',
    act: async ({ body }) => ({ ...{ status: 200, headers }, body: answerTo(body) }),
  })
  return proxy
}

const product = { 'x-elastic-product': 'Elasticsearch', 'content-type': 'application/json' }

/** A server that answers every search with 10 MB of records. */
async function startLargeElasticsearch(): Promise<FaultProxy> {
  const proxy = await startFaultProxy('http://127.0.0.1:9')
  const source = { '@timestamp': '2026-03-03T12:00:00Z', message: 'of many words '.repeat(1500) }
  const hits = Array.from({ length: 490 }, (_, at) => ({
    ...{ _index: '.ds-logs-warren.app-default-2026.03.03-000001', _id: String(at), _score: null },
    _source: source,
    sort: [at],
  }))
  const found = { total: { value: hits.length, relation: 'eq' }, max_score: null, hits }
  const shards = { total: 1, successful: 1, skipped: 0, failed: 0 }
  const answer = { took: 5, timed_out: false, _shards: shards, hits: found, status: 200 }
  const searched = Buffer.from(JSON.stringify({ took: 5, responses: [answer] }))
  const streams = JSON.stringify({
    data_streams: [{ name: 'logs-warren.app-default', indices: [], backing_indices: [] }],
  })
  proxy.always({
    kind: 'act',
    act: async ({ url }) => ({
      ...{ status: 200, headers: product },
      body: url.includes('_msearch') ? searched : streams,
    }),
  })
  return proxy
}

async function measure(api: ApiProcess): Promise<Measured> {
  const idleMb = rssMb(api.pid)
  const token = await api.tokenOf('default')
  const light = await api.tokenOf('beside')
  const url = () => largeMetrics(api)
  const logs = `${api.url}/gateway/elasticsearch/_msearch`
  const phases = {
    plain: await watch(api, light, () => ({ url: url(), token, encoding: 'identity' })),
    gzip: await watch(api, light, () => ({ url: url(), token })),
    logs: await watch(api, light, () => ({ url: logs, token, body: largeSearch() })),
    slow: await watch(api, light, () => ({
      ...{ url: url(), token, encoding: 'identity' as const, isSlow: true },
    })),
  }
  const value = peakRssMb(api.pid)
  return {
    value,
    unit: `MB of RSS at most, ${clients} clients at once with answers of 10 MB each`,
    mark: `<= ${maxMb}`,
    holds: value <= maxMb,
    details: {
      idleMb,
      ...Object.fromEntries(
        Object.entries(phases).map(([name, phase]) => [name, JSON.stringify(phase)]),
      ),
      afterMb: rssMb(api.pid),
    },
  }
}

async function run({ profile }: BenchOptions): Promise<Measured> {
  const influxdb = await startLargeInfluxdb()
  const elasticsearch = await startLargeElasticsearch()
  const data = { tenants: ['default', 'beside'], hosts: 0, seconds: 0 }
  const env = {
    WARREN_METRIC_STORE__TYPE: 'influx1',
    WARREN_METRIC_STORE__URL: influxdb.url,
    WARREN_LOG_STORE__TYPE: 'elasticsearch',
    WARREN_LOG_STORE__URL: elasticsearch.url,
  }
  try {
    // No store but the two servers: what is opened for its data is not the one that is asked.
    const api = await startApiProcess('embedded', data, { profile, env })
    try {
      return await measure(api)
    } finally {
      await api.close()
    }
  } finally {
    await elasticsearch.close()
    await influxdb.close()
  }
}

export const largeAnswers: Bench = {
  about: 'memory of the api while 50 clients ask for answers of 10 MB each, and what they get',
  run,
}
