import { EvaluationError } from '../../evaluation-error.ts'
import { zoneOffsetNs } from '../../time/zone-offset.ts'
import { minTimeNs, type TimeRange } from '../../time-range.ts'
import type { Interval } from './buckets.ts'

export interface Walk {
  readonly times: readonly bigint[]
  /** Which point stands there; -1 for a gap. */
  readonly positions: readonly number[]
}

interface WalkOptions {
  readonly interval: Interval
  /** First nanosecond of the bucket that holds a time. */
  readonly startOf: (ns: bigint) => bigint
  readonly range: TimeRange
  readonly ascending: boolean
  readonly most: number
}

/** The times of an answer whose gaps are filled, step by step as InfluxDB walks (query/iterator.gen.go, FillIterator): from the first
 *  bucket to the last and on to every point beyond it. In a time zone a step over a change of its offset is longer or shorter, whatever
 *  the buckets of the points are. */
export function walkBuckets(points: readonly bigint[], options: WalkOptions): Walk {
  const { ascending, most } = options
  const { first, last } = endsOf(points, options)
  const step = stepper(first, options)
  const isBefore = (a: bigint, b: bigint) => (ascending ? a < b : a > b)
  const times: bigint[] = []
  const positions: number[] = []
  let at = first
  for (let next = 0; next < points.length || !isBefore(last, at); at = step(at)) {
    const point = points[next]
    const isGap = point === undefined || isBefore(at, point)
    times.push(isGap ? at : point)
    positions.push(isGap ? -1 : next++)
    if (times.length > most)
      throw new EvaluationError(`max-select-buckets limit exceeded: (${times.length}/${most})`)
  }
  return { times, positions }
}

/** From one bucket to the next, over changes of the zone's offset. */
function stepper(
  first: bigint,
  { interval: { intervalNs, timeZone }, ascending }: WalkOptions,
): (at: bigint) => bigint {
  const offsetAt = (ns: bigint) => (timeZone === undefined ? 0n : zoneOffsetNs(timeZone, ns))
  let zone = offsetAt(first)
  return (at) => {
    const next = ascending ? at + intervalNs : at - intervalNs
    const changed = offsetAt(next - 1n)
    const shift = zone - changed
    zone = changed
    return (shift < 0n ? -shift : shift) < intervalNs ? next + shift : next
  }
}

function endsOf(
  points: readonly bigint[],
  { startOf, range: { minNs, maxNs }, ascending }: WalkOptions,
): { readonly first: bigint; readonly last: bigint } {
  const oldest = (ascending ? points[0] : points.at(-1)) ?? 0n
  const low = startOf(minNs === minTimeNs ? oldest : minNs)
  const high = startOf(maxNs)
  return ascending ? { first: low, last: high } : { first: high, last: low }
}
