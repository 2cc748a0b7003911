import type { Json } from '../../answer.ts'
import type { AggregatorGroup, BucketParts } from '../aggregator.ts'
import { applyPipelines, type PipelineBucket } from '../pipelines/pipelines.ts'
import type { RecordView } from '../record-view.ts'

interface Keys {
  readonly minDocCount: number
  /** The keys that must appear although empty, first and last; only with `minDocCount` 0. */
  readonly bounds: { readonly min: number; readonly max: number } | undefined
  next(key: number): number
  print(key: number): Readonly<Record<string, Json>>
}

interface Bucket {
  count: number
  readonly group: AggregatorGroup
}

/** Buckets along a number line, as `histogram` and `date_histogram` have them. */
export class HistogramBuckets {
  readonly #buckets = new Map<number, Bucket>()
  readonly #parts: BucketParts
  readonly #keys: Keys

  constructor(keys: Keys, parts: BucketParts) {
    this.#keys = keys
    this.#parts = parts
  }

  add(key: number, record: RecordView): void {
    let bucket = this.#buckets.get(key)
    if (bucket === undefined) {
      const { context, bytes } = this.#parts
      context.budget.takeBucket(bytes)
      bucket = { count: 0, group: this.#parts.group(key) }
      this.#buckets.set(key, bucket)
    }
    bucket.count += record.weight ?? 1
    bucket.group.add(record)
  }

  answer(): readonly Record<string, Json>[] {
    const { context, bytes, group: groupOf } = this.#parts
    let empty: AggregatorGroup | undefined
    const finished: PipelineBucket[] = []
    for (const key of this.#orderedKeys()) {
      context.budget.answerBucket(bytes)
      const found = this.#buckets.get(key)
      const { count, group } = found ?? { count: 0, group: groupOf(key) }
      const body = { ...this.#keys.print(key), doc_count: count, ...group.answer() }
      // Nobody reads the group of an empty bucket: one stands for all, of which there may be many.
      if (found === undefined) empty ??= group
      finished.push({ key, count, group: found?.group ?? empty ?? group, body })
    }
    applyPipelines(this.#parts.children, finished)
    return finished.map(({ body }) => body)
  }

  /** Every key between the first and the last when empty buckets are wanted. */
  *#orderedKeys(): Iterable<number> {
    const { minDocCount, bounds, next } = this.#keys
    const present = [...this.#buckets.keys()].sort((a, b) => a - b)
    if (minDocCount > 0) {
      for (const key of present) if ((this.#buckets.get(key)?.count ?? 0) >= minDocCount) yield key
      return
    }
    const ends = [...(bounds === undefined ? [] : [bounds.min, bounds.max])]
    const first = Math.min(...ends, present[0] ?? Number.POSITIVE_INFINITY)
    const last = Math.max(...ends, present.at(-1) ?? Number.NEGATIVE_INFINITY)
    for (let key = first; key <= last; key = next(key)) yield key
  }
}
