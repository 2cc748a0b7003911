import type { Script } from './script/tree.ts'

/** Aggregations that read finished buckets instead of records. Each `path` is `_count` or a metric, `name`, `name.property` or `name[property]`. */
export type PipelineAggregation = ParentPipeline | SiblingPipeline

/** Computes a value for each bucket of the aggregation it sits in. */
export type ParentPipeline = SequencePipeline | MovingPipeline | BucketScriptPipeline

/** Along the buckets of a histogram. */
export interface SequencePipeline {
  readonly type: 'derivative' | 'cumulative_sum' | 'serial_diff'
  readonly path: string
  /** Of `derivative`: the normalised value's time unit. */
  readonly unit?: { readonly text: string; readonly ms: number }
  /** Of `serial_diff`. */
  readonly lag?: number
}
/** A script over the values of the buckets before each; `moving_avg` is one too. */
export interface MovingPipeline {
  readonly type: 'moving_fn'
  readonly path: string
  /** How many values, at least 1. */
  readonly window: number
  /** 0: the window ends before the bucket; 1: with it. */
  readonly shift: number
  readonly script: Script
}
/** A script over values of each bucket, of any aggregation with buckets. */
export interface BucketScriptPipeline {
  readonly type: 'bucket_script'
  readonly paths: Readonly<Record<string, string>>
  readonly script: Script
}
/** One value of all buckets of an aggregation beside it. */
export interface SiblingPipeline {
  readonly type: SiblingType
  /** The aggregation with buckets. */
  readonly of: string
  readonly path: string
}
export type SiblingType = 'avg_bucket' | 'max_bucket' | 'min_bucket' | 'sum_bucket'

const parentTypes: ReadonlySet<string> = new Set<ParentPipeline['type']>([
  'bucket_script',
  'cumulative_sum',
  'derivative',
  'moving_fn',
  'serial_diff',
])
const siblingTypes: ReadonlySet<string> = new Set<SiblingType>([
  'avg_bucket',
  'max_bucket',
  'min_bucket',
  'sum_bucket',
])

interface Typed {
  readonly type: string
}

export function isParentPipeline(aggregation: Typed): aggregation is ParentPipeline {
  return parentTypes.has(aggregation.type)
}

export function isSiblingPipeline(aggregation: Typed): aggregation is SiblingPipeline {
  return siblingTypes.has(aggregation.type)
}

/** The paths that a parent pipeline reads. */
export function pathsOf(pipeline: ParentPipeline): readonly string[] {
  return pipeline.type === 'bucket_script' ? Object.values(pipeline.paths) : [pipeline.path]
}
