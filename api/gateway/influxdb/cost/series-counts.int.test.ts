import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseQuery } from '@warren/influxql/parse'
import { scopeStatement } from '@warren/influxql/scope'
import { duckdb } from '@warren/stores/metrics/duckdb'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type AskForTenant, measureSeriesCounts, SeriesCounts } from './series-counts.ts'

const hourMs = 3_600_000
/** Half an hour after the hour whose rollups are counted. */
const nowMs = Math.floor(Date.now() / hourMs) * hourMs - hourMs / 2
const nowNs = BigInt(nowMs) * 1_000_000n

let dataDir: string
let store: MetricStore

const hostsOf = { few: 3, many: 50 } as const
type Tenant = keyof typeof hostsOf

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'warren-series-'))
  store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
  const atNs = nowNs - 3_600_000_000_000n
  for (const [tenant, hosts] of Object.entries(hostsOf)) {
    const lines = Array.from(
      { length: hosts },
      (_, at) => `cpu,tenant=${tenant},host=h${at} usage=${at} ${atNs}\n`,
    )
    const starts = new Uint32Array(hosts + 1)
    for (const [at, { length }] of lines.entries()) starts[at + 1] = (starts[at] ?? 0) + length
    await store.write({ tenant, bytes: Buffer.from(lines.join('')), starts })
  }
  for (let left = 100; left > 0; left--)
    if ((await store.rollUp?.(Date.now()))?.waiting === 0) return
  throw new Error('rollups were not made')
})

afterAll(async () => {
  await store.close()
  await rm(dataDir, { recursive: true })
})

const ask: AskForTenant = async (tenant, statement) => {
  const signal = AbortSignal.timeout(10_000)
  const [result] = await store.query({
    ...{ tenant, statements: [statement], epoch: 'ms', nowNs, signal },
  })
  return result ?? { statement_id: 0 }
}

const whole = 'SELECT mean(usage) FROM cpu WHERE time > now() - 1d GROUP BY time(1m)'
const ofHost = (host: string): string => whole.replace('WHERE', `WHERE host = '${host}' AND`)

function open(askStore: AskForTenant = ask, now: () => number = () => nowMs) {
  const counts = new SeriesCounts(askStore, now)
  const price = (tenant: Tenant, text = whole): number => {
    const scope = { database: 'warren', tenant }
    return counts.price(tenant, {
      statements: parseQuery(text).map((statement) => scopeStatement(statement, scope)),
      nowNs,
    })
  }
  const untilCounted = () => vi.waitFor(() => expect(counts.waiting).toBe(0), { timeout: 10_000 })
  return { counts, price, untilCounted }
}

it('prices by one series what is not counted yet, and by the tenant’s own from then on', async () => {
  const { price, untilCounted } = open()
  const unknown = price('few')
  expect(price('many')).toBe(unknown)
  await untilCounted()
  const [few, many] = [price('few'), price('many')]
  expect(few).toBeGreaterThan(unknown)
  expect(many).toBeGreaterThan(few * 2)
  const unknownHost = price('many', ofHost('h7'))
  await untilCounted()
  expect(price('many', ofHost('h7'))).toBe(unknownHost)
})

it('counts one tenant’s series while another’s store says nothing', async () => {
  const { counts, price } = open((tenant, statement) =>
    tenant === 'few' ? new Promise(() => undefined) : ask(tenant, statement),
  )
  const unknown = price('few')
  price('many')
  await vi.waitFor(() => expect(price('many')).toBeGreaterThan(unknown), { timeout: 10_000 })
  expect(counts.waiting).toBe(1)
})

it('counts anew after ten minutes, and knows what it knew until then', async () => {
  let clockMs = nowMs
  let asked = 0
  const counting: AskForTenant = (tenant, statement) => {
    asked++
    return ask(tenant, statement)
  }
  const { price, untilCounted } = open(counting, () => clockMs)
  price('many')
  await untilCounted()
  const [known, once] = [price('many'), asked]
  await untilCounted()
  expect(asked).toBe(once)
  clockMs += 601_000
  expect(price('many')).toBe(known)
  await untilCounted()
  expect(asked).toBe(2 * once)
  clockMs += 3_601_000
  expect(price('many')).toBeLessThan(known)
})

it('shows how many counts prices wait for', async () => {
  const registry = new Registry()
  const { counts, price, untilCounted } = open()
  measureSeriesCounts(counts, registry)
  price('few')
  expect(await registry.metrics()).toContain('warren_api_series_counts_waiting 1')
  await untilCounted()
  expect(await registry.metrics()).toContain('warren_api_series_counts_waiting 0')
})
