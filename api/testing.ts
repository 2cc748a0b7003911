import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Health } from '@warren/contracts/http/status'
import { createLog } from '@warren/platform/log'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { startEmbeddedPostgres } from '@warren/stores/catalog/embedded-postgres'
import { openCatalog } from '@warren/stores/catalog/open'
import { duckdb as logs } from '@warren/stores/logs/duckdb'
import type { LogStore } from '@warren/stores/logs/log-store'
import { duckdb as metrics } from '@warren/stores/metrics/duckdb'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { Registry } from 'prom-client'
import { ensureAdmin } from './auth/ensure-admin.ts'
import { createToken, type TokenWish } from './routes/tokens.ts'
import { type ApiOptions, type RunningApi, startApi } from './serve.ts'
import { apiSettingsSchema } from './settings.ts'

export interface TestApi {
  readonly api: RunningApi
  readonly catalog: Catalog
  readonly metricStore: MetricStore
  readonly logStore: LogStore
  readonly parts: Health[]
  readonly metrics: Registry
  /** Below the base path. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  tokenOf(
    role: TokenWish['role'],
    tenant?: string,
    deployments?: readonly string[],
  ): Promise<string>
  /** Ends the catalog's server. */
  stopCatalog(): Promise<void>
  close(): Promise<void>
}

export const adminPassword = 'correct horse'

/** An api on the embedded stores, real and empty, with the user admin. */
export async function openTestApi(
  settings: object = {},
  options: Partial<ApiOptions> = {},
): Promise<TestApi> {
  const dataDir = await mkdtemp(join(tmpdir(), 'warren-api-'))
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'catalog') })
  const catalog = await openCatalog({ url: postgres.url })
  const metricStore = await metrics.create(metrics.settings.parse({}), { dataDir })
  const logStore = await logs.create(logs.settings.parse({}), { dataDir: join(dataDir, 'logs') })
  await ensureAdmin({ catalog, password: adminPassword })
  const parts: Health[] = []
  const registry = new Registry()
  const api = await startApi({
    catalog,
    metricStore,
    logStore,
    parts: () => parts,
    settings: apiSettingsSchema.parse({ port: 0, ...settings }),
    version: '0.0.0',
    consoleDir: undefined,
    log: createLog({ service: 'api', level: 'error', pretty: false }),
    metrics: registry,
    ...options,
  })
  const base = apiSettingsSchema.parse(settings).basePath
  return {
    api,
    catalog,
    metricStore,
    logStore,
    parts,
    metrics: registry,
    fetch: (path, init) => fetch(`${api.url}${base}${path}`, { redirect: 'manual', ...init }),
    tokenOf: async (role, tenant = 'default', deployments) => {
      const wish = { name: role, role, tenant, deployments, expiresInDays: 1 }
      return (await createToken(catalog, wish)).secret
    },
    stopCatalog: () => postgres.close(),
    close: async () => {
      await api.close()
      await Promise.all([catalog.close(), metricStore.close(), logStore.close()])
      await postgres.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
