import { createLog } from '@warren/platform/log'
import { createFrom } from '@warren/platform/plugin'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { startEmbeddedPostgres } from '@warren/stores/catalog/embedded-postgres'
import { openCatalog } from '@warren/stores/catalog/open'
import * as logStores from '@warren/stores/logs/index'
import type { LogStore } from '@warren/stores/logs/log-store'
import * as metricStores from '@warren/stores/metrics/index'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import type { DataFolder } from '../data-folder/open.ts'
import type { UpConfig } from './config.ts'

export interface OpenCatalog {
  readonly catalog: Catalog
  readonly url: string
  close(): Promise<void>
}

/** The catalog at its address, or in a private PostgreSQL of this folder. */
export async function openUpCatalog(
  { catalogUrl, log }: Pick<UpConfig, 'catalogUrl' | 'log'>,
  folder: DataFolder,
): Promise<OpenCatalog> {
  if (catalogUrl !== undefined) {
    const url = catalogUrl.reveal()
    const catalog = await openCatalog({ url })
    return { catalog, url, close: () => catalog.close() }
  }
  const postgres = await startEmbeddedPostgres({
    dataDir: folder.of('catalog'),
    log: createLog({ service: 'catalog', ...log }),
  })
  const catalog = await openCatalog({ url: postgres.url })
  return {
    catalog,
    url: postgres.url,
    close: async () => {
      await catalog.close()
      await postgres.close()
    },
  }
}

export interface OpenStores {
  readonly metricStore: MetricStore
  readonly logStore: LogStore
  close(): Promise<void>
}

export async function openUpStores(config: UpConfig, folder: DataFolder): Promise<OpenStores> {
  const context = { dataDir: folder.of('stores') }
  const [metricStore, logStore] = await Promise.all([
    createFrom(metricStores, config.metricStore, context),
    createFrom(logStores, config.logStore, context),
  ])
  return {
    metricStore,
    logStore,
    close: async () => {
      await Promise.all([metricStore.close(), logStore.close()])
    },
  }
}
