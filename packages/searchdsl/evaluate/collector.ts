import type { SearchAnswer } from '../answer.ts'
import { SearchError, toSearchFailure } from '../errors.ts'
import { limits } from '../limits.ts'
import type { SearchRequest } from '../tree.ts'
import { compileGroup } from './aggregate.ts'
import { createHitPrinter } from './hits/hit-body.ts'
import { TopHits } from './hits/top-hits.ts'
import { type AggregationMemory, Budget } from './memory/budget.ts'
import type { RecordView } from './record-view.ts'

export interface Collector {
  /** A record that matches the request's query. Throws a `SearchError` when the search has become too large. */
  add(record: RecordView): void
  /** What Elasticsearch would answer to one search over these records, its failure included. */
  answer(run?: { readonly tookMs: number; readonly shards: number }): SearchAnswer
  /** What the aggregations of the answer take of a heap, about; 0 before it. */
  readonly answerBytes: number
}

/** Hits, total and aggregations of one search, built record by record. Throws a `SearchError` for a request that cannot be evaluated.
 *  Bounds in memory: the page of hits, `limits.liveBuckets`, `limits.keptValues`, and what `memory` has for its aggregations. */
export function createCollector(
  request: SearchRequest,
  nowMs: number,
  memory?: AggregationMemory,
): Collector {
  const hits = new TopHits(request)
  const budget = new Budget(memory)
  const aggregations = compileGroup(request.aggs, { nowMs, budget })()
  const hasAggregations = request.aggs.length > 0
  const printHit = createHitPrinter(request, nowMs)
  let count = 0
  return {
    get answerBytes() {
      return budget.answeredBytes
    },
    add: (record) => {
      count += record.weight ?? 1
      hits.add(record)
      if (hasAggregations) aggregations.add(record)
    },
    answer: ({ tookMs, shards } = { tookMs: 0, shards: 1 }) => {
      try {
        return {
          took: Math.round(tookMs),
          timed_out: false,
          _shards: { total: shards, successful: shards, skipped: 0, failed: 0 },
          hits: {
            ...totalOf(request, count),
            max_score: null,
            hits: hits.page().map(printHit),
          },
          ...(hasAggregations ? { aggregations: aggregations.answer() } : {}),
          status: 200,
        }
      } catch (error) {
        if (error instanceof SearchError) return toSearchFailure(error)
        throw error
      }
    },
  }
}

function totalOf({ trackTotalHits }: SearchRequest, count: number) {
  if (trackTotalHits === false) return {}
  const limit = trackTotalHits === true ? limits.trackedHits : trackTotalHits
  if (count <= limit) return { total: { value: count, relation: 'eq' as const } }
  return { total: { value: limit, relation: 'gte' as const } }
}
