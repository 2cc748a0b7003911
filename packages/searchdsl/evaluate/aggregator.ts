import type { Json } from '../answer.ts'
import type { NamedAggregation, RateUnit } from '../tree.ts'
import type { Budget } from './memory/budget.ts'
import type { GroupBytes } from './memory/group-bytes.ts'
import type { RecordView } from './record-view.ts'

export interface AggregateContext {
  readonly nowMs: number
  readonly budget: Budget
  /** Below a date histogram: how many units long the bucket is that starts at this millisecond. */
  readonly bucketSize?: (keyMs: number, unit: RateUnit) => number
}

/** What one aggregation has seen of one bucket. */
export interface Aggregator {
  add(record: RecordView): void
  /** As Elasticsearch answers it. */
  answer(): Readonly<Record<string, Json>>
  /** The value, or the named one of several, for orders and pipelines; not finite when there is none. */
  number?(property: string | undefined): number
}

/** The children of one bucket, by name. */
export interface AggregatorGroup {
  add(record: RecordView): void
  answer(): Record<string, Json>
  /** `name`, `name.property` or `name[property]`. */
  number(path: string): number
}

/** For one bucket; `key` is where the bucket of a date histogram starts, in milliseconds. */
export type GroupFactory = (key?: number) => AggregatorGroup

/** What every aggregation with buckets has. */
export interface BucketParts {
  readonly children: readonly NamedAggregation[]
  readonly group: GroupFactory
  /** What each of its buckets takes. */
  readonly bytes: GroupBytes
  readonly context: AggregateContext
}

/** Splits `1[95.0]` and `1.std_deviation`. */
export function splitPath(path: string): { name: string; property: string | undefined } {
  const match = /^([^[.]+)(?:\[(.+)\]|\.(.+))?$/.exec(path)
  return { name: match?.[1] ?? path, property: match?.[2] ?? match?.[3] }
}

/** JSON has no infinities; Elasticsearch answers null for them. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
