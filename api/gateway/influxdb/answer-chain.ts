import type { MetricStore } from '@warren/stores/metrics/metric-store'
import type { Registry } from 'prom-client'
import type { ApiSettings } from '../../settings.ts'
import type { AskStore } from '../ask-store.ts'
import { cachedQuery } from '../cache/cached-query.ts'
import { countAnswers } from '../cache/count-answers.ts'
import type { LateData } from '../cache/late-data.ts'
import { mergedQuery } from '../cache/merged-query.ts'
import { type AnswerQuery, fromStore } from './answer-query.ts'
import { withOwnDatabases } from './own-databases.ts'

export interface AnswerChainOptions {
  readonly metricStore: MetricStore
  readonly askStore: AskStore
  readonly cache: ApiSettings['queries']['cache']
  readonly lateData?: LateData | undefined
  readonly metrics: Registry
  readonly now?: (() => number) | undefined
}

/** From a client's question to the store: the answers of this moment, the buckets that are over, what needs no store, the store. */
export function answerChain(options: AnswerChainOptions): AnswerQuery {
  const { metricStore, askStore, cache, lateData, metrics, now } = options
  const asked = withOwnDatabases(fromStore(metricStore, askStore))
  if (cache.maxBytes === 0) return asked
  // Half of the memory for whole answers, half for buckets.
  const limits = {
    maxBytes: cache.maxBytes / 2,
    maxBytesPerTenant: Math.min(cache.maxBytesPerTenant, cache.maxBytes) / 2,
  }
  const merged =
    lateData === undefined ? asked : mergedQuery(asked, { ...cache, ...limits, lateData, now })
  return cachedQuery(merged, { ...limits, onAnswer: countAnswers(metrics), now })
}
