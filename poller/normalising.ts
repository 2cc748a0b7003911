import type { Health } from '@warren/contracts/http/status'
import type { Log } from '@warren/platform/log'
import type { Catalog } from '@warren/stores/catalog/catalog'
import type { Registry } from 'prom-client'
import type { Chunk } from './chunk.ts'
import type { PollerSettings } from './config.ts'
import type { StreamOptions } from './consume-stream.ts'
import { keepKnownMetadata } from './metadata/keep-known-metadata.ts'
import { createMetadataTaker } from './metadata/take-metadata.ts'
import type { RuleBook } from './rules/rule-book.ts'
import { openRulesFile } from './rules/rules-file.ts'
import { createSeriesRegistry } from './series/series-registry.ts'
import { createRulesTelemetry, createSeriesTelemetry } from './telemetry.ts'

/** What items are normalised by: the rules, and what is known of each tenant's metrics. */
export interface Normalising {
  /** The rules that hold now. */
  book(): RuleBook
  readonly ofMetrics: Pick<StreamOptions<Chunk, never>, 'aside' | 'limit'>
  health(): readonly Health[]
  /** Once no message is normalised any more. */
  close(): Promise<void>
}

interface NormalisingOptions {
  readonly settings: PollerSettings
  readonly dataDir?: string | undefined
  readonly log: Log
  readonly registry: Registry
}

interface NormalisingCatalog {
  readonly tenants: Pick<Catalog['tenants'], 'list'>
  readonly metricMetadata: Pick<Catalog['metricMetadata'], 'put' | 'replace'>
  readonly seenSeries: Catalog['seenSeries']
}

/** Throws (fatal) as `openRulesFile` does. */
export function openNormalising(
  { settings, dataDir, log, registry }: NormalisingOptions,
  { metricMetadata, seenSeries, tenants }: NormalisingCatalog,
): Normalising {
  const file = openRulesFile({
    ...{ file: settings.rulesFile, folder: dataDir, log },
    onReload: createRulesTelemetry(registry),
  })
  const rules = () => file.book().rules
  const onSize = createSeriesTelemetry(registry)
  const series = createSeriesRegistry({ seen: seenSeries, rules, onSize })
  const metadata = createMetadataTaker(metricMetadata)
  const known = keepKnownMetadata({ store: metricMetadata, tenants, rules })
  return {
    book: file.book,
    ofMetrics: { aside: metadata, limit: series.limit },
    health: () => [file.health(), series.health(), metadata.health()],
    close: async () => {
      file.close()
      await Promise.all([series.close(), known.close()])
    },
  }
}
