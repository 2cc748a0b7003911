import { Agent, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { type ApiProcess, startApiProcess } from './api-process.ts'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { quantile } from './probes.ts'
import { cpuSeconds } from './process-cost.ts'
import { startRelay } from './relay/relay-process.ts'

const rounds = 1500
/** Until V8 has compiled all that every question runs (`optimiseSooner`): a gateway that has answered for a minute has done so. */
const warmRounds = 1500
const maxMs = 0.8
const rangeMs = 3_600_000

interface Place {
  readonly url: string
  readonly database: string
  readonly headers: Readonly<Record<string, string>>
  readonly agent: Agent
}

/** Ms until the last byte of the answer. */
async function timed({ url, database, headers, agent }: Place, text: string): Promise<number> {
  const query = new URLSearchParams({ db: database, epoch: 'ms', q: text })
  const startMs = performance.now()
  const body = await new Promise<Buffer>((resolve, reject) => {
    const asked = request(`${url}/query?${query}`, { agent, headers }, (answer) => {
      buffer(answer).then(resolve, reject)
    })
    asked.on('error', reject).end()
  })
  const tookMs = performance.now() - startMs
  if (!body.includes('"values"')) throw new Error(`no rows: ${body.toString().slice(0, 200)}`)
  return tookMs
}

/** One host, an hour by the minute, of other points each time: the cache keeps nothing of it. */
function textOf(number: number, endMs: number): string {
  const toMs = endMs - number * 1000 - 60_000
  return `SELECT mean("usage") FROM "bench" WHERE "host" = 'host-${number % 10}' AND "usage" > -${number + 1} AND time >= ${toMs - rangeMs}ms and time <= ${toMs}ms GROUP BY time(1m) fill(null)`
}

const names = ['direct', 'relayed', 'through'] as const
type PlaceName = (typeof names)[number]

const storeDatabase = 'warren_default'
const connection = (): Agent => new Agent({ keepAlive: true, maxSockets: 1 })

/** Asks each question in each place, which take turns in being the first. Ms in order of size. */
async function takeTurns(
  places: Readonly<Record<PlaceName, Place>>,
  onWarm: () => void,
): Promise<Readonly<Record<PlaceName, readonly number[]>>> {
  const took: Record<PlaceName, number[]> = { direct: [], relayed: [], through: [] }
  const endMs = Date.now()
  for (let round = 0; round < warmRounds + rounds; round++) {
    if (round === warmRounds) onWarm()
    const text = textOf(round, endMs)
    for (const [at] of names.entries()) {
      const name = names[(at + round) % names.length] ?? 'direct'
      const ms = await timed(places[name], text)
      if (round >= warmRounds) took[name].push(ms)
    }
  }
  for (const name of names) took[name].sort((a, b) => a - b)
  return took
}

async function measure(api: ApiProcess) {
  const storeUrl = api.storeUrl ?? ''
  const relay = await startRelay(storeUrl)
  const ofStore = { database: storeDatabase, headers: {} }
  const places = {
    direct: { ...ofStore, url: storeUrl, agent: connection() },
    relayed: { ...ofStore, url: relay.url, agent: connection() },
    through: {
      ...{ url: `${api.url}/gateway/influxdb`, database: 'warren', agent: connection() },
      headers: { authorization: `Bearer ${await api.tokenOf('default')}` },
    },
  }
  const cpu = { relay: 0, api: 0 }
  try {
    const took = await takeTurns(places, () => {
      cpu.relay = cpuSeconds(relay.pid)
      cpu.api = cpuSeconds(api.pid)
    })
    const cpuMs = {
      relayed: ((cpuSeconds(relay.pid) - cpu.relay) * 1000) / rounds,
      through: ((cpuSeconds(api.pid) - cpu.api) * 1000) / rounds,
    }
    return { ...took, cpuMs }
  } finally {
    for (const { agent } of Object.values(places)) agent.destroy()
    await relay.close()
  }
}

async function run({ profile }: BenchOptions): Promise<Measured> {
  const data = { tenants: ['default'], hosts: 10, seconds: 7200 }
  const api = await startApiProcess('external', data, { profile })
  try {
    const { direct, relayed, through, cpuMs } = await measure(api)
    const value = quantile(through, 0.5) - quantile(direct, 0.5)
    return {
      value,
      unit: 'ms more at the median, through the gateway than asking InfluxDB, for what the cache does not have',
      mark: `<= ${maxMs} ms`,
      holds: value <= maxMs,
      details: {
        directMedianMs: quantile(direct, 0.5),
        relayedMedianMs: quantile(relayed, 0.5),
        throughMedianMs: quantile(through, 0.5),
        directP95Ms: quantile(direct, 0.95),
        relayedP95Ms: quantile(relayed, 0.95),
        throughP95Ms: quantile(through, 0.95),
        relayedCpuMs: cpuMs.relayed,
        throughCpuMs: cpuMs.through,
      },
    }
  } finally {
    await api.close()
  }
}

export const gatewayOverhead: Bench = {
  about: 'what a query that the cache does not have takes longer through the gateway',
  run,
}
