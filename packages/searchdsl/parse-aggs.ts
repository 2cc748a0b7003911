import { malformed, refused } from './errors.ts'
import { limits } from './limits.ts'
import { isObject, readObject } from './object-reader.ts'
import { parseDateHistogram, parseHistogram } from './parse-histograms.ts'
import {
  isFieldMetric,
  parseFieldMetric,
  parsePercentiles,
  parseTopMetrics,
} from './parse-metrics.ts'
import { parsePipeline } from './parse-pipeline.ts'
import { parseQuery } from './parse-query.ts'
import { parseTerms } from './parse-terms-aggregation.ts'
import type { Spent } from './spent.ts'
import type { Aggregation, FiltersAggregation, NamedAggregation } from './tree.ts'

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
  checkPipelinePaths(parsed)
  if (depth === 0 && parsed.some(({ aggregation }) => pipelineTypes.has(aggregation.type)))
    throw malformed('a pipeline aggregation must have a histogram or date_histogram as parent')
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
  checkParent(aggregation, children)
  return { name, aggregation, children }
}

const bucketTypes = new Set(['date_histogram', 'histogram', 'terms', 'filters'])

function isBucket({ type }: Aggregation): boolean {
  return bucketTypes.has(type)
}

const pipelineTypes = new Set(['derivative', 'cumulative_sum', 'serial_diff'])

function parseAggregation(type: string, body: unknown, spent: Spent): Aggregation {
  if (isFieldMetric(type)) return parseFieldMetric(type, body)
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
    case 'derivative':
    case 'cumulative_sum':
    case 'serial_diff':
      return parsePipeline(type, body)
    default:
      throw refused(`aggregation [${type}] is not accepted${reasons[type] ?? ''}`)
  }
}

const scripted = ': scripts are not accepted'
const otherDocuments = ': it would read documents that the query does not match'
const notYet = ': the log stores do not compute it yet'
const reasons: Readonly<Record<string, string>> = {
  bucket_script: scripted,
  bucket_selector: scripted,
  scripted_metric: scripted,
  moving_fn: scripted,
  moving_avg: ': Elasticsearch 8 removed it',
  global: otherDocuments,
  significant_terms: otherDocuments,
  significant_text: otherDocuments,
  children: otherDocuments,
  parent: otherDocuments,
  geohash_grid: ': log records have no geo_point field',
  nested: ': log records have no nested field',
  rate: notYet,
  max_bucket: notYet,
  min_bucket: notYet,
  avg_bucket: notYet,
  sum_bucket: notYet,
}

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

/** A pipeline reads its parent's buckets in time's order. */
function checkParent(parent: Aggregation, children: readonly NamedAggregation[]): void {
  const pipeline = children.find((child) => pipelineTypes.has(child.aggregation.type))
  if (pipeline === undefined) return
  const what = `${pipeline.aggregation.type} aggregation [${pipeline.name}]`
  if (parent.type !== 'date_histogram' && parent.type !== 'histogram')
    throw malformed(`${what} must have a histogram or date_histogram as parent`)
  if (parent.minDocCount !== 0)
    throw malformed(`parent histogram of ${what} must have min_doc_count of 0`)
}

function checkPipelinePaths(siblings: readonly NamedAggregation[]): void {
  for (const { name, aggregation } of siblings) {
    if (!('path' in aggregation) || aggregation.path === '_count') continue
    const [target = ''] = aggregation.path.split(/[.[]/)
    const found = siblings.find((sibling) => sibling.name === target)
    if (found === undefined || target === name)
      throw malformed(`No aggregation found for path [${aggregation.path}]`)
    if (isBucket(found.aggregation))
      throw refused(`buckets_path [${aggregation.path}] must name a metric or [_count]`)
  }
}
