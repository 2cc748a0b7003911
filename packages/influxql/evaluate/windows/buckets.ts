import { zoneOffsetNs } from '../../time/zone-offset.ts'

/** A GROUP BY time(intervalNs, offsetNs), in a time zone. */
export interface Interval {
  readonly intervalNs: bigint
  readonly offsetNs: bigint
  readonly timeZone?: string | undefined
}

function remainder(a: bigint, b: bigint): bigint {
  const rest = a % b
  return rest < 0n ? rest + b : rest
}

/** By how much a boundary moves when the zone's offset there is not the one it was computed with; never by a whole interval, as in InfluxDB. */
function shiftOf(boundary: bigint, zone: bigint, { intervalNs, timeZone }: Interval): bigint {
  if (timeZone === undefined) return 0n
  const shift = zone - zoneOffsetNs(timeZone, boundary)
  const size = shift < 0n ? -shift : shift
  return size < intervalNs ? shift : 0n
}

/** Time that the clock skips comes after the change: an end that would move before the change stays (query/iterator.go, Window). */
function settledEnd(end: bigint, zone: bigint, interval: Interval): bigint {
  const { timeZone } = interval
  const shift = shiftOf(end, zone, interval)
  const moved = end + shift
  const isBeforeChange =
    timeZone !== undefined && shift < 0n && zoneOffsetNs(timeZone, moved) === zone
  return isBeforeChange ? end : moved
}

/** First nanosecond of the bucket that holds `ns`, and of the next one. */
export function bucketAround(
  ns: bigint,
  interval: Interval,
): { readonly start: bigint; readonly end: bigint } {
  const { intervalNs, offsetNs, timeZone } = interval
  const at = ns - offsetNs
  const zone = timeZone === undefined ? 0n : zoneOffsetNs(timeZone, at)
  const start = at - remainder(at + zone, intervalNs)
  // The zone's offset is that of times without the interval's, as it is of `at`.
  return {
    start: start + shiftOf(start, zone, interval) + offsetNs,
    end: settledEnd(start + intervalNs, zone, interval) + offsetNs,
  }
}

/** Starts of the buckets from the one that holds `minNs` to the one that holds `maxNs`; undefined when more than `most`. */
export function bucketStarts(
  interval: Interval,
  { minNs, maxNs }: { readonly minNs: bigint; readonly maxNs: bigint },
  most: number,
): readonly bigint[] | undefined {
  if ((maxNs - minNs) / interval.intervalNs > BigInt(most)) return undefined
  const starts: bigint[] = []
  let { start, end } = bucketAround(minNs, interval)
  while (start <= maxNs) {
    if (starts.length > most) return undefined
    // Around a change of offset several in a row may begin at one time: they are one.
    if (start !== starts.at(-1)) starts.push(start)
    if (interval.timeZone === undefined) {
      start = end
      end += interval.intervalNs
    } else ({ start, end } = bucketAround(end, interval))
  }
  return starts
}
