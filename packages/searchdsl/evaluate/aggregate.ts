import type { Json } from '../answer.ts'
import { malformed } from '../errors.ts'
import type { Aggregation, NamedAggregation } from '../tree.ts'
import {
  type AggregateContext,
  type Aggregator,
  type AggregatorGroup,
  type BucketParts,
  type GroupFactory,
  splitPath,
} from './aggregator.ts'
import { compileDateHistogram } from './buckets/date-histogram.ts'
import { compileFilters } from './buckets/filters.ts'
import { compileHistogram } from './buckets/histogram.ts'
import { compileTermsBuckets } from './buckets/terms.ts'
import { groupBytesOf } from './memory/group-bytes.ts'
import { compileFieldMetric } from './metrics/metrics.ts'
import { compilePercentiles } from './metrics/percentiles.ts'
import { bucketSizeOf, compileRate } from './metrics/rate.ts'
import { compileTopMetrics } from './metrics/top-metrics.ts'
import { compileSiblings } from './pipelines/sibling-pipelines.ts'
import type { RecordView } from './record-view.ts'

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
  const shared = { names: factories.map(({ name }) => name), addSiblings: compileSiblings(named) }
  return (key) =>
    new Group(
      shared,
      factories.map(({ create }) => create(key)),
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

interface Shared {
  /** Of the aggregators, in their order. */
  readonly names: readonly string[]
  readonly addSiblings: (body: Record<string, Json>) => Record<string, Json>
}

/** One a bucket: what all have in common is kept once. */
class Group implements AggregatorGroup {
  readonly #shared: Shared
  readonly #aggregators: readonly Aggregator[]

  constructor(shared: Shared, aggregators: readonly Aggregator[]) {
    this.#shared = shared
    this.#aggregators = aggregators
  }

  add(record: RecordView): void {
    for (const aggregator of this.#aggregators) aggregator.add(record)
  }

  answer(): Record<string, Json> {
    const { names, addSiblings } = this.#shared
    return addSiblings(
      Object.fromEntries(this.#aggregators.map((one, at) => [names[at] ?? '', one.answer()])),
    )
  }

  number(path: string): number {
    const { name, property } = splitPath(path)
    const found = this.#aggregators[this.#shared.names.indexOf(name)]
    return found?.number === undefined ? unknownPath(path) : found.number(property)
  }
}

function compileAggregation(
  aggregation: Aggregation,
  children: readonly NamedAggregation[],
  context: AggregateContext,
): ((key?: number) => Aggregator) | undefined {
  const partsWith = (more?: Partial<AggregateContext>): BucketParts => ({
    children,
    group: compileGroup(children, { ...context, ...more }),
    bytes: groupBytesOf(children),
    context,
  })
  switch (aggregation.type) {
    case 'date_histogram':
      return compileDateHistogram(aggregation, partsWith({ bucketSize: bucketSizeOf(aggregation) }))
    case 'histogram':
      return compileHistogram(aggregation, partsWith())
    case 'terms':
      return compileTermsBuckets(aggregation, partsWith())
    case 'filters':
      return compileFilters(aggregation, partsWith())
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
