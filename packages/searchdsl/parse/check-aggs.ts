import { malformed, refused, SearchError } from '../errors.ts'
import {
  isParentPipeline,
  isSiblingPipeline,
  type ParentPipeline,
  pathsOf,
  type SiblingPipeline,
} from '../pipeline-tree.ts'
import type { Aggregation, BucketAggregation, NamedAggregation, TermsAggregation } from '../tree.ts'
import { checkRateUnit } from './rate.ts'

const bucketTypes = new Set(['date_histogram', 'histogram', 'terms', 'filters'])

export function isBucket(aggregation: Aggregation): aggregation is BucketAggregation {
  return bucketTypes.has(aggregation.type)
}

/** What reads its parent's buckets needs a parent. */
export function checkTopLevel(named: readonly NamedAggregation[]): void {
  for (const { name, aggregation } of named) {
    if (aggregation.type === 'rate') throw rateOutside(name)
    if (isParentPipeline(aggregation))
      throw malformed(
        `${aggregation.type} aggregation [${name}] must be declared inside of another aggregation`,
      )
  }
}

function rateOutside(name: string): Error {
  return malformed(`The rate aggregation [${name}] can only be used inside a date histogram`)
}

/** Whether this aggregation has the buckets that these children read. */
export function checkChildren(parent: Aggregation, children: readonly NamedAggregation[]): void {
  for (const { name, aggregation } of children) {
    if (aggregation.type === 'rate') {
      if (parent.type !== 'date_histogram') throw rateOutside(name)
      checkRateUnit(parent, aggregation.unit)
    }
    if (isParentPipeline(aggregation)) checkParent(parent, name, aggregation)
  }
  if (parent.type === 'terms') checkOrder(parent, children)
}

/** Here and not in a store, which answers otherwise when it has no record to order: others' data would decide which. */
function checkOrder({ order }: TermsAggregation, children: readonly NamedAggregation[]): void {
  for (const { by } of order) {
    if (by === '_count' || by === '_key') continue
    const found = children.find(({ name }) => name === targetOf(by))?.aggregation
    if (
      found === undefined ||
      isBucket(found) ||
      isParentPipeline(found) ||
      isSiblingPipeline(found)
    )
      throw invalidOrder(
        by,
        `The provided aggregation [${by}] either does not exist, or is a pipeline aggregation and cannot be used to sort the buckets.`,
      )
    if (!hasValue(found, by)) throw invalidOrder(by, `[${targetOf(by)}] has no such value`)
  }
}

function invalidOrder(by: string, reason: string): Error {
  return new SearchError({
    type: 'invalid_path',
    reason: `Invalid aggregation order path [${by}]. ${reason}`,
    status: 400,
  })
}

/** Whether the metric has the value that `name`, `name.property` or `name[property]` says. */
function hasValue(metric: Aggregation, by: string): boolean {
  const path = /^[^[.]+(?:\[(.+)\]|\.([^.]+))?$/.exec(by)
  if (path === null) return false
  const property = path[1] ?? path[2]
  if (metric.type === 'percentiles')
    return property !== undefined && metric.percents.includes(Number(property))
  return hasOneValue(metric)
    ? property === undefined || property === 'value'
    : property !== undefined
}

function hasOneValue({ type }: Aggregation): boolean {
  return type !== 'stats' && type !== 'extended_stats' && type !== 'top_metrics'
}

/** All but a script read the buckets in order, without holes. */
function checkParent(parent: Aggregation, name: string, pipeline: ParentPipeline): void {
  if (pipeline.type === 'bucket_script') return
  const what = `${pipeline.type} aggregation [${name}]`
  if (parent.type !== 'date_histogram' && parent.type !== 'histogram')
    throw malformed(`${what} must have a histogram or date_histogram as parent`)
  if (parent.minDocCount !== 0)
    throw malformed(`parent histogram of ${what} must have min_doc_count of 0`)
}

/** Paths of pipelines lead to what is beside them, and never in a circle. */
export function checkSiblings(named: readonly NamedAggregation[]): void {
  const byName = new Map(named.map((one) => [one.name, one]))
  const visit: Visit = { byName, open: new Set(), done: new Set() }
  for (const { name, aggregation } of named) {
    if (isSiblingPipeline(aggregation)) checkSibling(byName, aggregation)
    if (isParentPipeline(aggregation)) checkPaths(visit, name, aggregation)
  }
}

type ByName = ReadonlyMap<string, NamedAggregation>

interface Visit {
  readonly byName: ByName
  readonly open: Set<string>
  readonly done: Set<string>
}

function checkPaths(visit: Visit, name: string, pipeline: ParentPipeline): void {
  if (visit.done.has(name)) return
  visit.open.add(name)
  for (const path of pathsOf(pipeline)) {
    if (path === '_count') continue
    const found = visit.byName.get(targetOf(path))
    if (found === undefined || visit.open.has(found.name))
      throw malformed(`No aggregation found for path [${path}]`)
    checkMetric(found, path)
    if (isParentPipeline(found.aggregation)) checkPaths(visit, found.name, found.aggregation)
  }
  visit.open.delete(name)
  visit.done.add(name)
}

const targetOf = (path: string): string => path.split(/[.[]/)[0] ?? ''

function checkMetric({ aggregation }: NamedAggregation, path: string): void {
  if (isBucket(aggregation)) throw refused(`buckets_path [${path}] must name a metric or [_count]`)
}

function checkSibling(byName: ByName, { of, path }: SiblingPipeline): void {
  const buckets = byName.get(of)
  if (buckets === undefined)
    throw malformed(`No aggregation [${of}] found for path [${of}>${path}]`)
  if (!isBucket(buckets.aggregation))
    throw malformed(`[${of}] of path [${of}>${path}] has no buckets`)
  if (path === '_count') return
  const metric = buckets.children.find(({ name }) => name === targetOf(path))
  if (metric === undefined) throw malformed(`No aggregation found for path [${of}>${path}]`)
  checkMetric(metric, path)
}
