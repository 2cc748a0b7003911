import { fieldType } from '../field-types.ts'
import { formatToName } from '../time/date-formats.ts'
import type {
  Aggregation,
  DateHistogramAggregation,
  FieldMetric,
  NamedAggregation,
  TermsAggregation,
} from '../tree.ts'
import { printPipeline } from './pipeline.ts'
import { present } from './present.ts'
import { printQuery } from './query.ts'
import { printSort } from './sort.ts'

/** Aggregations as Elasticsearch's DSL, made from the tree alone. */
export function printAggregations(aggregations: readonly NamedAggregation[]): object {
  return Object.fromEntries(
    aggregations.map(({ name, aggregation, children }) => [
      name,
      {
        [aggregation.type]: printBody(aggregation),
        ...(children.length === 0 ? {} : { aggs: printAggregations(children) }),
      },
    ]),
  )
}

function printBody(aggregation: Aggregation): object {
  switch (aggregation.type) {
    case 'date_histogram':
      return printDateHistogram(aggregation)
    case 'histogram': {
      const { field, interval, offset, bounds, missing, minDocCount } = aggregation
      const known = { field, interval, offset, extended_bounds: bounds, missing }
      return present({ ...known, min_doc_count: minDocCount })
    }
    case 'terms':
      return printTerms(aggregation)
    case 'filters':
      return {
        filters: Object.fromEntries(
          aggregation.filters.map(({ name, query }) => [name, printQuery(query)]),
        ),
      }
    case 'percentiles': {
      const { field, percents, missing } = aggregation
      return present({ field, percents, missing })
    }
    case 'top_metrics': {
      const { metrics, sort, size } = aggregation
      return { metrics: metrics.map((field) => ({ field })), sort: [printSort(sort)], size }
    }
    case 'rate': {
      const { field, unit, mode } = aggregation
      return present({ field, unit, mode })
    }
    case 'derivative':
    case 'cumulative_sum':
    case 'serial_diff':
    case 'moving_fn':
    case 'bucket_script':
    case 'avg_bucket':
    case 'max_bucket':
    case 'min_bucket':
    case 'sum_bucket':
      return printPipeline(aggregation)
    case 'avg':
    case 'sum':
    case 'min':
    case 'max':
    case 'value_count':
    case 'stats':
    case 'extended_stats':
    case 'cardinality':
      return printFieldMetric(aggregation)
  }
}

function printDateHistogram(aggregation: DateHistogramAggregation): object {
  const { field, interval, minDocCount, bounds, timeZone, offsetMs, missing } = aggregation
  const format = aggregation.format ?? formatToName([bounds?.min, bounds?.max, missing])
  return present({
    field,
    ...(interval.kind === 'fixed'
      ? { fixed_interval: `${interval.ms}ms` }
      : { calendar_interval: interval.unit }),
    min_doc_count: minDocCount,
    extended_bounds: bounds,
    format,
    time_zone: timeZone,
    offset: offsetMs === undefined ? undefined : `${offsetMs}ms`,
    missing,
    keyed: aggregation.keyed ? true : undefined,
  })
}

function printTerms({ field, size, order, minDocCount, missing }: TermsAggregation): object {
  return present({
    field,
    size,
    order: order.map(({ by, direction }) => ({ [by]: direction })),
    min_doc_count: minDocCount,
    missing,
    format: fieldType(field) === 'date' ? formatToName([missing]) : undefined,
  })
}

function printFieldMetric(metric: FieldMetric): object {
  const { field, missing, sigma, precisionThreshold } = metric
  const known = { field, missing, sigma, precision_threshold: precisionThreshold }
  return present({ ...known, execution_hint: hintOf(metric) })
}

/** Left to choose, Elasticsearch 8.19 counts by ordinals, and finds no value of any key of a flattened field when the query filters. */
function hintOf({ type, field }: FieldMetric): 'direct' | undefined {
  return type === 'cardinality' && fieldType(field) === 'flattened' ? 'direct' : undefined
}
