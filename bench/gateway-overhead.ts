import { Agent, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { type ApiProcess, startApiProcess } from './api-process.ts'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { quantile } from './probes.ts'

const pairs = 1500
const warmPairs = 300
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

async function measure(api: ApiProcess): Promise<{ direct: number[]; through: number[] }> {
  const common = { agent: new Agent({ keepAlive: true, maxSockets: 1 }) }
  const direct = { ...common, url: api.storeUrl ?? '', database: 'warren_default', headers: {} }
  const through = {
    ...{ agent: new Agent({ keepAlive: true, maxSockets: 1 }), database: 'warren' },
    url: `${api.url}/gateway/influxdb`,
    headers: { authorization: `Bearer ${await api.tokenOf('default')}` },
  }
  const took = { direct: [] as number[], through: [] as number[] }
  const endMs = Date.now()
  for (let pair = -warmPairs; pair < pairs; pair++) {
    const text = textOf(pair + warmPairs, endMs)
    const places = { direct, through }
    const order =
      pair % 2 === 0 ? (['direct', 'through'] as const) : (['through', 'direct'] as const)
    for (const place of order) {
      const ms = await timed(places[place], text)
      if (pair >= 0) took[place].push(ms)
    }
  }
  direct.agent.destroy()
  through.agent.destroy()
  return { direct: took.direct.sort((a, b) => a - b), through: took.through.sort((a, b) => a - b) }
}

async function run({ profile }: BenchOptions): Promise<Measured> {
  const data = { tenants: ['default'], hosts: 10, seconds: 7200 }
  const api = await startApiProcess('external', data, { profile })
  try {
    const { direct, through } = await measure(api)
    const value = quantile(through, 0.5) - quantile(direct, 0.5)
    return {
      value,
      unit: 'ms more at the median, through the gateway than asking InfluxDB, for what the cache does not have',
      mark: `<= ${maxMs} ms`,
      holds: value <= maxMs,
      details: {
        directMedianMs: quantile(direct, 0.5),
        throughMedianMs: quantile(through, 0.5),
        directP95Ms: quantile(direct, 0.95),
        throughP95Ms: quantile(through, 0.95),
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
