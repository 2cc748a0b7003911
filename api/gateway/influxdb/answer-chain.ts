import type { MetricStore } from '@warren/stores/metrics/metric-store'
import type { Registry } from 'prom-client'
import type { ApiSettings } from '../../settings.ts'
import type { AskStore } from '../ask-store.ts'
import { mergedQuery } from '../cache/buckets/merged-query.ts'
import type { SharedExtents } from '../cache/buckets/shared-extents.ts'
import { countAnswers } from '../cache/count-answers.ts'
import { halfOf } from '../cache/kept-limits.ts'
import type { LateData } from '../cache/late/late-data.ts'
import type { WholeAnswers } from '../cache/whole/asked-once.ts'
import { cachedQuery } from '../cache/whole/cached-query.ts'
import type { AnswerRoom } from '../memory/answer-room.ts'
import type { RollupOptions } from '../rollups/plan-for.ts'
import { rolledQuery } from '../rollups/rolled-query.ts'
import type { AnswerQuery, MakeAnswer } from './answer-query.ts'
import type { Price } from './cost/price.ts'
import { fromStore } from './from-store.ts'
import { withOwnDatabases } from './own-databases.ts'

export interface AnswerChainOptions {
  readonly metricStore: MetricStore
  readonly askStore: AskStore
  readonly price: Price
  readonly cache: ApiSettings['queries']['cache']
  /** Absent: the cache is off. */
  readonly kept: WholeAnswers | undefined
  /** Absent: the store keeps none. */
  readonly rollups?: RollupOptions | undefined
  readonly lateData?: LateData | undefined
  /** Absent: no other instance shares what is kept. */
  readonly shared?: SharedExtents | undefined
  readonly metrics: Registry
  readonly now?: (() => number) | undefined
  readonly room: AnswerRoom
}

/** Of a store that keeps them. */
const withRollups = (ask: MakeAnswer, { rollups }: AnswerChainOptions): MakeAnswer =>
  rollups === undefined ? ask : rolledQuery(ask, rollups)

/** From a client's question to the store: the answers of this moment, what only rollups have, the buckets that are over, what needs no store, the store. */
export function answerChain(options: AnswerChainOptions): AnswerQuery {
  const { metricStore, askStore, cache, kept, lateData, shared, metrics, now } = options
  const asked = withOwnDatabases(fromStore(metricStore, askStore, options.price))
  if (kept === undefined) return withRollups(asked, options)
  const merged =
    lateData === undefined
      ? asked
      : mergedQuery(asked, { ...cache, ...halfOf(cache), lateData, shared, now })
  const rolled = withRollups(merged, options)
  return cachedQuery(rolled, {
    ...{ kept, now, room: options.room },
    onAnswer: countAnswers(metrics, 'metric'),
  })
}
