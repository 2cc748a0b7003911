import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { apiLaunch } from '@warren/api/launch'
import type { NewLimits } from '@warren/contracts/http/limits'
import { insightsSchema } from '@warren/contracts/http/query-insights'
import { duckdb } from '@warren/stores/metrics/duckdb'
import { openInflux1 } from '@warren/stores/metrics/influx1/testing'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { freePort } from '@warren/test-servers/free-port'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { toLineBatch } from './stored-points.ts'
import { startCatalog } from './tenants.ts'

const password = 'bench-password-of-the-admin'

export interface QueryData {
  readonly tenants: readonly string[]
  readonly hosts: number
  /** One point a host each ten seconds, or `everyMs`, up to now. */
  readonly seconds: number
  readonly everyMs?: number
}

export interface ApiProcess {
  readonly url: string
  readonly pid: number
  /** Of the metric store, where it is a server. */
  readonly storeUrl: string | undefined
  /** A viewer's. */
  tokenOf(tenant: string): Promise<string>
  /** In place of what a tenant may ask unless said otherwise. */
  setLimits(tenant: string, limits: NewLimits): Promise<void>
  /** What the metric store was found to be worth being asked at once. */
  foundLimit(): Promise<number>
  close(): Promise<void>
}

async function fill(store: MetricStore, data: QueryData): Promise<void> {
  const { tenants, hosts, seconds, everyMs = 10_000 } = data
  const endMs = Date.now()
  for (const tenant of tenants) {
    let lines: string[] = []
    for (let atMs = endMs - seconds * 1000; atMs < endMs; atMs += everyMs) {
      for (let host = 0; host < hosts; host++)
        lines.push(
          `bench,host=host-${host},tenant=${tenant} usage=${host + (atMs % 977)} ${atMs}000000`,
        )
      if (lines.length < 5000 && atMs + everyMs < endMs) continue
      await store.write(toLineBatch(tenant, lines))
      lines = []
    }
  }
}

async function openStore(kind: 'embedded' | 'external', dataDir: string, data: QueryData) {
  const server = kind === 'external' ? await startInfluxdb() : undefined
  const store =
    server === undefined
      ? await duckdb.create(duckdb.settings.parse({}), { dataDir })
      : await openInflux1(server.url)
  await fill(store, data)
  await store.close()
  const env: Readonly<Record<string, string>> =
    server === undefined
      ? { WARREN_METRIC_STORE__TYPE: 'duckdb' }
      : { WARREN_METRIC_STORE__TYPE: 'influx1', WARREN_METRIC_STORE__URL: server.url }
  return { env, url: server?.url, close: async () => server?.close() }
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(100)) {
    if (child.exitCode !== null) break
    if (
      await fetch(`${url}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
  }
  throw new Error('the api is not ready')
}

export interface ApiProcessOptions {
  /** Folder of a CPU profile. */
  readonly profile?: string | undefined
  readonly env?: Readonly<Record<string, string>>
}

/** An api alone, before a metric store that holds data. */
export async function startApiProcess(
  kind: 'embedded' | 'external',
  data: QueryData,
  { profile, env = {} }: ApiProcessOptions = {},
): Promise<ApiProcess> {
  const dataDir = await makeTempDir('bench-api')
  await mkdir(join(dataDir, 'data'))
  const store = await openStore(kind, join(dataDir, 'data'), data)
  const catalog = await startCatalog(0, data.tenants)
  const [port, adminPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const child = spawn(process.execPath, [...apiLaunch.execArgv, ...flags, apiLaunch.script], {
    env: {
      PATH: process.env['PATH'],
      WARREN_CATALOG_URL: catalog.url,
      WARREN_DATA_DIR: join(dataDir, 'data'),
      WARREN_HTTP_PORT: String(port),
      WARREN_ADMIN_PORT: String(adminPort),
      WARREN_ADMIN_PASSWORD: password,
      WARREN_LOG__LEVEL: 'warn',
      WARREN_LOG_STORE__TYPE: 'duckdb',
      ...store.env,
      ...env,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  await untilReady(child, url)
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`
  return {
    url,
    pid: child.pid ?? 0,
    storeUrl: store.url,
    tokenOf: async (tenant) => {
      const answer = await fetch(`${url}/api/v1/tokens`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ name: `bench-${tenant}`, role: 'viewer', tenant, expiresInDays: 1 }),
      })
      return ((await answer.json()) as { secret: string }).secret
    },
    setLimits: async (tenant, limits) => {
      const address = `${url}/api/v1/limits/tenants/${tenant}`
      const found = await fetch(address, { headers: { authorization } })
      const version = found.headers.get('etag') ?? ''
      const { ok, status } = await fetch(address, {
        method: 'PUT',
        headers: { authorization, 'content-type': 'application/json', 'if-match': version },
        body: JSON.stringify(limits),
      })
      if (!ok) throw new Error(`the limits of ${tenant}: ${status}`)
    },
    foundLimit: async () => {
      const answer = await fetch(`${url}/api/v1/query-insights?tenant=*`, {
        headers: { authorization },
      })
      const { stores } = insightsSchema.parse(await answer.json())
      return stores.find(({ store }) => store === 'metrics')?.found ?? Number.NaN
    },
    close: async () => {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      if (child.exitCode === null) await exit
      await catalog.close()
      await store.close()
      await removeTempDir(dataDir)
    },
  }
}
