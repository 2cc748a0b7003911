import { EvaluationError } from '../../evaluation-error.ts'
import { minTimeNs, type TimeRange } from '../../time-range.ts'
import { bucketAround, bucketStarts, type Interval } from './buckets.ts'
import { type Walk, walkBuckets } from './fill-walk.ts'

/** The buckets of one query: the same ones for each group, unless the query has no lower bound. */
export class Windows {
  readonly interval: Interval | undefined
  readonly range: TimeRange
  readonly #most: number
  /** By first start and end of the range. */
  readonly #known = new Map<string, readonly bigint[]>()
  /** The range that was asked for last, and its starts: groups mostly ask for the same. */
  #last: { lowNs: bigint; maxNs: bigint; starts: readonly bigint[] } | undefined
  readonly #reversed = new Map<readonly bigint[], readonly bigint[]>()
  /** By starts, where each has its point. */
  readonly #full = new Map<readonly bigint[], Walk>()

  constructor(interval: Interval | undefined, range: TimeRange, most: number) {
    this.interval = interval
    this.range = range
    this.#most = most
  }

  /** The range with as many more buckets before it, or after it when the answer is newest first. */
  extended(extra: number, ascending: boolean): TimeRange {
    const { minNs, maxNs } = this.range
    const more = BigInt(extra) * (this.interval?.intervalNs ?? 0n)
    if (!ascending) return { minNs, maxNs: maxNs + more }
    return { minNs: minNs === minTimeNs ? minNs : minNs - more, maxNs }
  }

  /** Starts of all buckets of a range, oldest first; without a lower bound they begin at the first point. */
  starts({ minNs, maxNs }: TimeRange, firstNs: bigint): readonly bigint[] {
    const { interval } = this
    if (interval === undefined) return [this.named(minNs)]
    const lowNs = minNs === minTimeNs ? firstNs : minNs
    if (this.#last?.lowNs === lowNs && this.#last.maxNs === maxNs) return this.#last.starts
    const starts = this.#startsFrom(bucketAround(lowNs, interval).start, maxNs, interval)
    this.#last = { lowNs, maxNs, starts }
    return starts
  }

  #startsFrom(from: bigint, maxNs: bigint, interval: Interval): readonly bigint[] {
    const key = `${from} ${maxNs}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const starts = bucketStarts(interval, { minNs: from, maxNs }, this.#most)
    if (starts === undefined) {
      const count = (maxNs - from) / interval.intervalNs + 1n
      throw new EvaluationError(`max-select-buckets limit exceeded: (${count}/${this.#most})`)
    }
    this.#known.set(key, starts)
    return starts
  }

  /** The same array for the same starts, so that what is derived from it can be kept. */
  inOrder(starts: readonly bigint[], ascending: boolean): readonly bigint[] {
    if (ascending) return starts
    const known = this.#reversed.get(starts) ?? starts.toReversed()
    this.#reversed.set(starts, known)
    return known
  }

  /** The times of an answer without gaps, and which of the points stand there. Where every point is at the start of a bucket, groups share the times. */
  walk(points: readonly bigint[], range: TimeRange, ascending: boolean): Walk {
    const { interval } = this
    if (interval === undefined) throw new Error('BUG: a walk without buckets')
    const oldest = (ascending ? points[0] : points.at(-1)) ?? 0n
    const shared =
      interval.timeZone === undefined
        ? this.#placed(points, this.inOrder(this.starts(range, oldest), ascending))
        : undefined
    const startOf = (ns: bigint) => bucketAround(ns, interval).start
    return shared ?? walkBuckets(points, { interval, startOf, range, ascending, most: this.#most })
  }

  #placed(points: readonly bigint[], starts: readonly bigint[]): Walk | undefined {
    if (points !== starts) return placed(points, starts)
    const walk = this.#full.get(starts) ?? { times: starts, positions: [...starts.keys()] }
    this.#full.set(starts, walk)
    return walk
  }

  /** The bucket that holds a time; without an interval the whole range. */
  around(ns: bigint): { readonly start: bigint; readonly end: bigint } {
    if (this.interval !== undefined) return bucketAround(ns, this.interval)
    const { minNs, maxNs } = this.range
    return { start: minNs, end: maxNs + 1n }
  }

  /** What the answer calls the start of a window: without a lower bound it is the epoch. */
  named(start: bigint): bigint {
    return start === minTimeNs ? 0n : start
  }
}

/** Where the points stand among the starts of buckets; undefined when one stands elsewhere. */
function placed(points: readonly bigint[], starts: readonly bigint[]): Walk | undefined {
  const positions = new Array<number>(starts.length).fill(-1)
  let next = 0
  for (let at = 0; at < starts.length && next < points.length; at++)
    if (points[next] === starts[at]) positions[at] = next++
  return next === points.length ? { times: starts, positions } : undefined
}
