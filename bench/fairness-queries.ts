import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ApiProcess, startApiProcess } from './api-process.ts'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { askHost, type Client } from './flood/ask-host.ts'
import { startFlood } from './flood/flood-process.ts'
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

/** Asks at a rate, whatever the answers do; resolves with how long the good ones took, ascending. */
async function askSteadily(client: Client, every: number, ms: number): Promise<readonly number[]> {
  const startMs = Date.now()
  const pending: Promise<void>[] = []
  const took: number[] = []
  for (let number = 0; Date.now() - startMs < ms; number++) {
    const isWarm = Date.now() - startMs > warmMs
    pending.push(
      askHost(client, number % 10).then((asked) => {
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
  const { url } = api
  const flood = startFlood({ url, tokens, clients: floodClients })
  const ms = secondsOfAPhase * 1000
  const agent = new Agent({ keepAlive: true })
  const alerts = { url, agent, token: tokens[0] ?? '', headers: { 'x-rule-uid': 'bench' } }
  const [took, alerted] = await Promise.all([
    askSteadily(quiet, everyMs, ms),
    askSteadily(alerts, alertEveryMs, ms),
  ])
  const foundLimit = await api.foundLimit()
  const answered = await flood.end()
  agent.destroy()
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
    const quiet = { url: api.url, agent, token: await api.tokenOf('quiet') }
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
