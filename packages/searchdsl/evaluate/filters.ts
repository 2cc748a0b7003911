import type { FiltersAggregation } from '../tree.ts'
import type { AggregateContext, Aggregator, GroupFactory } from './aggregator.ts'
import { compileMatcher } from './matcher.ts'

export function compileFilters(
  { filters }: FiltersAggregation,
  group: GroupFactory,
  { nowMs, budget }: AggregateContext,
): () => Aggregator {
  const compiled = filters.map(({ name, query }) => ({
    name,
    matches: compileMatcher(query, nowMs),
  }))
  return () => {
    const buckets = compiled.map(({ name, matches }) => {
      budget.takeBucket()
      return { name, matches, count: 0, children: group() }
    })
    return {
      add: (record) => {
        for (const bucket of buckets) {
          if (!bucket.matches(record)) continue
          bucket.count++
          bucket.children.add(record)
        }
      },
      answer: () => ({
        buckets: Object.fromEntries(
          buckets.map(({ name, count, children }) => {
            budget.answerBucket()
            return [name, { doc_count: count, ...children.answer() }]
          }),
        ),
      }),
    }
  }
}
