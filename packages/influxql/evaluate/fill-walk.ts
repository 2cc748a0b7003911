import { EvaluationError } from '../evaluation-error.ts'
import { minTimeNs, type TimeRange } from '../time-range.ts'
import { zoneOffsetNs } from '../zone-offset.ts'
import type { Windows } from './windows.ts'

export interface Walk {
  readonly times: readonly bigint[]
  /** Which point stands there; -1 for a gap. */
  readonly positions: readonly number[]
}

interface WalkOptions {
  readonly windows: Windows
  readonly range: TimeRange
  readonly ascending: boolean
  readonly most: number
}

/** The times of an answer whose gaps are filled, step by step as InfluxDB walks (query/iterator.gen.go, FillIterator): from the first
 *  bucket to the last and on to every point beyond it. In a time zone a step over a change of its offset is longer or shorter, whatever
 *  the buckets of the points are. */
export function walkBuckets(points: readonly bigint[], options: WalkOptions): Walk {
  const { windows, range, ascending, most } = options
  const { interval } = windows
  if (interval === undefined) throw new Error('BUG: a walk without buckets')
  const { intervalNs, timeZone } = interval
  const [first, last] = endsOf(points, windows, range, ascending)
  const times: bigint[] = []
  const positions: number[] = []
  let at = first
  let zone = offsetAt(timeZone, at)
  for (let next = 0; ; ) {
    const point = points[next]
    const isInside = ascending ? at <= last : at >= last
    if (point === undefined && !isInside) return { times, positions }
    const isGap = point === undefined || (ascending ? point > at : point < at)
    times.push(isGap ? at : point)
    positions.push(isGap ? -1 : next++)
    if (times.length > most)
      throw new EvaluationError(`max-select-buckets limit exceeded: (${times.length}/${most})`)
    at += ascending ? intervalNs : -intervalNs
    const changed = offsetAt(timeZone, at - 1n)
    if (changed === zone) continue
    const shift = zone - changed
    if ((shift < 0n ? -shift : shift) < intervalNs) at += shift
    zone = changed
  }
}

function endsOf(
  points: readonly bigint[],
  windows: Windows,
  { minNs, maxNs }: TimeRange,
  ascending: boolean,
): readonly [bigint, bigint] {
  const oldest = (ascending ? points[0] : points.at(-1)) ?? 0n
  const low = windows.around(minNs === minTimeNs ? oldest : minNs).start
  const high = windows.around(maxNs).start
  return ascending ? [low, high] : [high, low]
}

const offsetAt = (timeZone: string | undefined, ns: bigint): bigint =>
  timeZone === undefined ? 0n : zoneOffsetNs(timeZone, ns)
