import type { FiltersAggregation } from '../../tree.ts'
import type { Aggregator, BucketParts } from '../aggregator.ts'
import { compileMatcher } from '../match/matcher.ts'
import { applyPipelines } from '../pipelines/pipelines.ts'

export function compileFilters(
  { filters }: FiltersAggregation,
  { children, group, bytes, context: { nowMs, budget } }: BucketParts,
): () => Aggregator {
  const compiled = filters.map(({ name, query }) => ({
    name,
    matches: compileMatcher(query, nowMs),
  }))
  return () => {
    const buckets = compiled.map(({ name, matches }) => {
      budget.takeBucket(bytes)
      return { name, matches, count: 0, inner: group() }
    })
    return {
      add: (record) => {
        for (const bucket of buckets) {
          if (!bucket.matches(record)) continue
          bucket.count += record.weight ?? 1
          bucket.inner.add(record)
        }
      },
      answer: () => {
        const finished = buckets.map(({ count, inner }) => {
          budget.answerBucket(bytes)
          return { key: 0, count, group: inner, body: { doc_count: count, ...inner.answer() } }
        })
        applyPipelines(children, finished)
        return {
          buckets: Object.fromEntries(
            buckets.map(({ name }, at) => [name, finished[at]?.body ?? {}]),
          ),
        }
      },
    }
  }
}
