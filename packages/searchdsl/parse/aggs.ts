import { malformed, refused } from '../errors.ts'
import { limits } from '../limits.ts'
import { isObject, readObject } from '../read/object-reader.ts'
import type { Spent } from '../read/spent.ts'
import type { Aggregation, FiltersAggregation, NamedAggregation } from '../tree.ts'
import { checkChildren, checkSiblings, checkTopLevel, isBucket } from './check-aggs.ts'
import { parseDateHistogram, parseHistogram } from './histograms.ts'
import { isFieldMetric, parseFieldMetric, parsePercentiles, parseTopMetrics } from './metrics.ts'
import { parsePipeline } from './pipeline.ts'
import { parseQuery } from './query.ts'
import { parseRate } from './rate.ts'
import { parseTerms } from './terms-aggregation.ts'

/** `aggs`: each name holds one aggregation and, for a bucket aggregation, more `aggs`. Kinds not listed here are refused by name. */
export function parseAggregations(
  value: unknown,
  spent: Spent,
  depth = 0,
): readonly NamedAggregation[] {
  if (value === undefined) return []
  if (depth >= limits.aggregationDepth)
    throw refused(`aggregations nested deeper than ${limits.aggregationDepth} levels`)
  const reader = readObject(value, 'aggs')
  const parsed = reader.rest().map((name) => parseNamed(name, reader.take(name), { spent, depth }))
  checkSiblings(parsed)
  if (depth === 0) checkTopLevel(parsed)
  return parsed
}

interface Place {
  readonly spent: Spent
  readonly depth: number
}

function parseNamed(name: string, value: unknown, { spent, depth }: Place): NamedAggregation {
  if (name === '' || name.length > 256 || /[[\]>]/.test(name))
    throw malformed(`Invalid aggregation name [${name}]`)
  if (++spent.aggregations > limits.aggregations)
    throw refused(`more than ${limits.aggregations} aggregations in one search`)
  const reader = readObject(value, name)
  if (reader.has('aggs') && reader.has('aggregations'))
    throw malformed(`[aggs] and [aggregations] are both in [${name}]`)
  const below = reader.take('aggs') ?? reader.take('aggregations')
  reader.take('aggregations')
  reader.take('meta')
  const [type, more] = reader.rest()
  if (type === undefined) throw malformed(`Missing definition for aggregation [${name}]`)
  if (more !== undefined)
    throw malformed(`Found two aggregation type definitions in [${name}]: [${type}] and [${more}]`)
  const aggregation = parseAggregation(type, reader.take(type), spent)
  const children = parseAggregations(below, spent, depth + 1)
  if (children.length > 0 && !isBucket(aggregation))
    throw malformed(`Aggregator [${name}] of type [${type}] cannot accept sub-aggregations`)
  checkChildren(aggregation, children)
  return { name, aggregation, children }
}

function parseAggregation(type: string, body: unknown, spent: Spent): Aggregation {
  if (isFieldMetric(type)) return parseFieldMetric(type, body)
  const pipeline = parsePipeline(type, body)
  if (pipeline !== undefined) return pipeline
  switch (type) {
    case 'date_histogram':
      return parseDateHistogram(body)
    case 'histogram':
      return parseHistogram(body)
    case 'terms':
      return parseTerms(body)
    case 'filters':
      return parseFilters(body, spent)
    case 'percentiles':
      return parsePercentiles(body)
    case 'top_metrics':
      return parseTopMetrics(body)
    case 'rate':
      return parseRate(body)
    default:
      throw refused(`aggregation [${type}] is not accepted${reasons.get(type) ?? ''}`)
  }
}

const scripted = ': scripts are not accepted'
const otherDocuments = ': it would read documents that the query does not match'
const reasons: ReadonlyMap<string, string> = new Map([
  ['bucket_selector', scripted],
  ['scripted_metric', scripted],
  ['global', otherDocuments],
  ['significant_terms', otherDocuments],
  ['significant_text', otherDocuments],
  ['children', otherDocuments],
  ['parent', otherDocuments],
  ['geohash_grid', ': log records have no geo_point field'],
  ['nested', ': log records have no nested field'],
])

/** Named filters only: Grafana reads the buckets by name. */
function parseFilters(body: unknown, spent: Spent): FiltersAggregation {
  const reader = readObject(body, 'filters')
  const filters = reader.take('filters')
  reader.end()
  if (!isObject(filters)) throw refused('[filters] without names is not accepted')
  const named = readObject(filters, 'filters')
  return {
    type: 'filters',
    filters: named.rest().map((name) => ({ name, query: parseQuery(named.take(name), spent) })),
  }
}
