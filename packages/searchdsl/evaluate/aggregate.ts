import type { Json } from '../answer.ts'
import { malformed } from '../errors.ts'
import type { Aggregation, NamedAggregation } from '../tree.ts'
import {
  type AggregateContext,
  type Aggregator,
  type AggregatorGroup,
  type GroupFactory,
  splitPath,
} from './aggregator.ts'
import { compileDateHistogram } from './date-histogram.ts'
import { compileFilters } from './filters.ts'
import { compileHistogram } from './histogram.ts'
import { compileFieldMetric } from './metrics.ts'
import { compilePercentiles } from './percentiles.ts'
import { bucketSizeOf, compileRate } from './rate.ts'
import { compileSiblings } from './sibling-pipelines.ts'
import { compileTermsBuckets } from './terms.ts'
import { compileTopMetrics } from './top-metrics.ts'

/** Compiles once what is then made anew for each bucket. Pipelines have no part in it: they read finished buckets. */
export function compileGroup(
  named: readonly NamedAggregation[],
  context: AggregateContext,
): GroupFactory {
  const factories = named.flatMap(({ name, aggregation, children }) => {
    const create = compileAggregation(aggregation, children, context)
    return create === undefined ? [] : [{ name, create }]
  })
  if (factories.length === 0) return () => emptyGroup
  const addSiblings = compileSiblings(named)
  return (key) =>
    createGroup(
      factories.map(({ name, create }) => [name, create(key)] as const),
      addSiblings,
    )
}

const emptyGroup: AggregatorGroup = {
  add: () => {},
  answer: () => ({}),
  number: unknownPath,
}

function unknownPath(path: string): never {
  throw malformed(`Invalid aggregation order path [${path}]`)
}

function createGroup(
  parts: readonly (readonly [string, Aggregator])[],
  addSiblings: (body: Record<string, Json>) => Record<string, Json>,
): AggregatorGroup {
  return {
    add: (record) => {
      for (const [, aggregator] of parts) aggregator.add(record)
    },
    answer: () =>
      addSiblings(
        Object.fromEntries(parts.map(([name, aggregator]) => [name, aggregator.answer()])),
      ),
    number: (path) => {
      const { name, property } = splitPath(path)
      const found = parts.find(([known]) => known === name)?.[1]
      return found?.number === undefined ? unknownPath(path) : found.number(property)
    },
  }
}

function compileAggregation(
  aggregation: Aggregation,
  children: readonly NamedAggregation[],
  context: AggregateContext,
): ((key?: number) => Aggregator) | undefined {
  const group = (more?: Partial<AggregateContext>) =>
    compileGroup(children, { ...context, ...more })
  switch (aggregation.type) {
    case 'date_histogram':
      return compileDateHistogram(aggregation, {
        children,
        group: group({ bucketSize: bucketSizeOf(aggregation) }),
        context,
      })
    case 'histogram':
      return compileHistogram(aggregation, { children, group: group(), context })
    case 'terms':
      return compileTermsBuckets(aggregation, { children, group: group(), context })
    case 'filters':
      return compileFilters(aggregation, { children, group: group(), context })
    case 'percentiles':
      return compilePercentiles(aggregation, context.budget)
    case 'top_metrics':
      return compileTopMetrics(aggregation)
    case 'rate':
      return compileRate(aggregation, context)
    case 'derivative':
    case 'cumulative_sum':
    case 'serial_diff':
    case 'moving_fn':
    case 'bucket_script':
    case 'avg_bucket':
    case 'max_bucket':
    case 'min_bucket':
    case 'sum_bucket':
      return undefined
    case 'avg':
    case 'sum':
    case 'min':
    case 'max':
    case 'value_count':
    case 'stats':
    case 'extended_stats':
    case 'cardinality':
      return compileFieldMetric(aggregation, context.budget)
  }
}
