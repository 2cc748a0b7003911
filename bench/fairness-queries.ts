import { Agent, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ApiProcess, startApiProcess } from './api-process.ts'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { quantile } from './probes.ts'

/** Of the tenant that is measured. */
const everyMs = 50
const alertEveryMs = 500
/** Clients that ask again as soon as they are answered: a hundred to the one. */
const floodClients = 100
const floodTenants = 50
const secondsOfAPhase = 20
const warmMs = 3000
const maxRatio = 2
const maxAlertMs = 2000

interface Client {
  readonly api: ApiProcess
  readonly token: string
  readonly agent: Agent
  readonly headers?: Readonly<Record<string, string>>
}

interface Asked {
  readonly status: number
  readonly ms: number
  readonly retryAfterS: number
}

/** One host, an hour by the minute, past the cache. */
async function ask({ api, token, agent, headers }: Client, host: number): Promise<Asked> {
  const toMs = Date.now()
  const q = `SELECT mean("usage") FROM "bench" WHERE "host" = 'host-${host}' AND time >= ${toMs - 3_600_000}ms and time <= ${toMs}ms GROUP BY time(1m) fill(null)`
  const query = new URLSearchParams({ db: 'warren', epoch: 'ms', q })
  const startMs = performance.now()
  return new Promise((resolve, reject) => {
    const url = `${api.url}/gateway/influxdb/query?${query}`
    const own = { authorization: `Bearer ${token}`, 'cache-control': 'no-cache', ...headers }
    const asked = request(url, { agent, headers: own }, (answer) => {
      const status = answer.statusCode ?? 0
      const retryAfterS = Number(answer.headers['retry-after'] ?? 0)
      buffer(answer).then(
        () => resolve({ status, ms: performance.now() - startMs, retryAfterS }),
        reject,
      )
    })
    asked.on('error', reject).end()
  })
}

/** Asks at a rate, whatever the answers do; resolves with how long the good ones took, ascending. */
async function askSteadily(client: Client, every: number, ms: number): Promise<readonly number[]> {
  const startMs = Date.now()
  const pending: Promise<void>[] = []
  const took: number[] = []
  for (let number = 0; Date.now() - startMs < ms; number++) {
    const isWarm = Date.now() - startMs > warmMs
    pending.push(
      ask(client, number % 10).then((asked) => {
        if (!isWarm) return
        took.push(asked.status === 200 ? asked.ms : Number.POSITIVE_INFINITY)
      }),
    )
    const waitMs = startMs + (number + 1) * every - Date.now()
    if (waitMs > 0) await sleep(waitMs)
  }
  await Promise.all(pending)
  return took.sort((a, b) => a - b)
}

/** Clients that ask as fast as they are answered, and wait when they are told to. */
async function flood(clients: readonly Client[], until: AbortSignal): Promise<number> {
  let answered = 0
  const work = async (client: Client) => {
    for (let number = 0; !until.aborted; number++) {
      const { status, retryAfterS } = await ask(client, number % 10)
      if (status === 200) answered++
      else await sleep(retryAfterS * 1000, undefined, { signal: until }).catch(() => undefined)
    }
  }
  await Promise.all(clients.map(work))
  return answered
}

interface Beside {
  readonly p95Ms: number
  readonly alertP99Ms: number
  /** Queries of the quiet tenant and of alert rules that got no answer. */
  readonly refused: number
  readonly floodPerSecond: number
  readonly foundLimit: number
}

/** The quiet tenant beside a flood from so many tenants. */
async function beside(
  api: ApiProcess,
  quiet: Client,
  floodedBy: readonly string[],
): Promise<Beside> {
  const tokens = await Promise.all(floodedBy.map((tenant) => api.tokenOf(tenant)))
  const agent = new Agent({ keepAlive: true })
  const clients = Array.from({ length: floodClients }, (_, index) => ({
    ...{ api, agent, token: tokens[index % tokens.length] ?? '' },
  }))
  const end = new AbortController()
  const flooding = flood(clients, end.signal)
  const ms = secondsOfAPhase * 1000
  const alerts = { ...clients[0], headers: { 'x-rule-uid': 'bench' } } as Client
  const [took, alerted] = await Promise.all([
    askSteadily(quiet, everyMs, ms),
    askSteadily({ ...alerts, agent: new Agent({ keepAlive: true }) }, alertEveryMs, ms),
  ])
  const foundLimit = await api.foundLimit()
  end.abort()
  const answered = await flooding
  return {
    p95Ms: quantile(took, 0.95),
    alertP99Ms: quantile(alerted, 0.99),
    refused: [...took, ...alerted].filter((ms) => ms === Number.POSITIVE_INFINITY).length,
    floodPerSecond: answered / secondsOfAPhase,
    foundLimit,
  }
}

async function run({ store, profile }: BenchOptions): Promise<Measured> {
  const many = Array.from({ length: floodTenants }, (_, index) => `flood_${index}`)
  const data = { tenants: ['quiet', ...many], hosts: 10, seconds: 3600 }
  const api = await startApiProcess(store, data, { profile })
  try {
    const agent = new Agent({ keepAlive: true })
    const quiet = { api, agent, token: await api.tokenOf('quiet') }
    const alone = quantile(await askSteadily(quiet, everyMs, secondsOfAPhase * 1000), 0.95)
    const one = await beside(api, quiet, many.slice(0, 1))
    const fifty = await beside(api, quiet, many)
    const value = Math.max(one.p95Ms, fifty.p95Ms) / alone
    const alertMs = Math.max(one.alertP99Ms, fifty.alertP99Ms)
    return {
      value,
      unit: 'times its own p95 that a tenant waits beside a hundred times as many clients, of one tenant or of fifty',
      mark: `<= ${maxRatio}, alert rules' p99 <= ${maxAlertMs} ms`,
      holds: value <= maxRatio && alertMs <= maxAlertMs,
      details: {
        store,
        aloneP95Ms: alone,
        besideOneP95Ms: one.p95Ms,
        besideFiftyP95Ms: fifty.p95Ms,
        alertP99Ms: alertMs,
        refused: one.refused + fifty.refused,
        floodOfOnePerSecond: one.floodPerSecond,
        floodOfFiftyPerSecond: fifty.floodPerSecond,
        foundBesideOne: one.foundLimit,
        foundBesideFifty: fifty.foundLimit,
      },
    }
  } finally {
    await api.close()
  }
}

export const fairnessQueries: Bench = {
  about: 'how much slower a tenant is answered while others flood the gateway with queries',
  run,
}
