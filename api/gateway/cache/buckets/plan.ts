import { withRange } from '@warren/influxql/time/time-bounds'
import type { SelectStatement } from '@warren/influxql/tree'
import { floorTo } from '../snap/grid.ts'
import type { Mergeable } from './mergeable.ts'
import { cut, endOf, type Stretch } from './stretch.ts'

const msNs = 1_000_000n

/** A stretch of a question that the store is asked for. */
export interface Gap {
  readonly select: SelectStatement
  readonly startMs: number
  readonly stepMs: number
  readonly count: number
}

export interface Plan {
  /** Before and after what is kept; none: all is kept. One alone without `kept`: nothing is. */
  readonly head: Gap | undefined
  readonly kept: Stretch | undefined
  readonly tail: Gap | undefined
  /** The buckets that may be kept: whole, and over for long enough. Empty when the end is not after the start. */
  readonly closed: { readonly startMs: number; readonly endMs: number }
}

/** Where the bucket of a moment starts. */
function bucketAt({ stepMs, offsetMs }: Mergeable, ms: number): number {
  const into = (ms - offsetMs) % stepMs
  return ms - (into < 0 ? into + stepMs : into)
}

/** The millisecond that a moment is in. */
const msOf = (ns: bigint): number => Number(floorTo(ns, msNs) / msNs)

function gap(question: Mergeable, minNs: bigint, maxNs: bigint): Gap {
  const { select, stepMs } = question
  const startMs = bucketAt(question, msOf(minNs))
  const lastMs = bucketAt(question, msOf(maxNs))
  const count = (lastMs - startMs) / stepMs + 1
  return { select: withRange(select, { minNs, maxNs }), startMs, stepMs, count }
}

const toNs = (ms: number): bigint => BigInt(ms) * msNs

/** What of a question is kept, and what the store is to be asked for. `settledMs`: before it nothing comes without being announced. */
export function toPlan(question: Mergeable, kept: Stretch | undefined, settledMs: number): Plan {
  const { stepMs } = question
  const { minNs, maxNs } = question.range
  const firstMs = bucketAt(question, msOf(minNs))
  // A bucket of which the range has all but one nanosecond (`time > x`) is partial like any other.
  const startMs = toNs(firstMs) === minNs ? firstMs : firstMs + stepMs
  // The end is included: the bucket that begins just after it is not in the question.
  const lastMs = bucketAt(question, msOf(maxNs + 1n))
  const closed = { startMs, endMs: Math.min(lastMs, bucketAt(question, settledMs)) }
  const keptFromMs = Math.max(startMs, kept?.startMs ?? 0)
  const keptToMs = Math.min(lastMs, kept === undefined ? 0 : endOf(kept))
  if (kept === undefined || keptToMs <= keptFromMs)
    return { head: gap(question, minNs, maxNs), kept: undefined, tail: undefined, closed }
  const hasHead = minNs < toNs(keptFromMs)
  const hasTail = toNs(keptToMs) <= maxNs
  return {
    head: hasHead ? gap(question, minNs, toNs(keptFromMs) - 1n) : undefined,
    kept: cut(kept, keptFromMs, keptToMs),
    tail: hasTail ? gap(question, toNs(keptToMs), maxNs) : undefined,
    closed,
  }
}
