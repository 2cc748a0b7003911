import { zoneOffsetNs } from '../zone-offset.ts'

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

/** Moves a boundary when the zone's offset there is not the one it was computed with, as InfluxDB does. */
function settled(boundary: bigint, zone: bigint, { intervalNs, timeZone }: Interval): bigint {
  if (timeZone === undefined) return boundary
  const shift = zone - zoneOffsetNs(timeZone, boundary)
  const size = shift < 0n ? -shift : shift
  return size < intervalNs ? boundary + shift : boundary
}

/** First nanosecond of the bucket that holds `ns`, and of the next one. */
export function bucketAround(
  ns: bigint,
  interval: Interval,
): { readonly start: bigint; readonly end: bigint } {
  const { intervalNs, offsetNs, timeZone } = interval
  const at = ns - offsetNs
  const zone = timeZone === undefined ? 0n : zoneOffsetNs(timeZone, at)
  const into = remainder(at + zone, intervalNs)
  return {
    start: settled(at - into + offsetNs, zone, interval),
    end: settled(at - into + intervalNs + offsetNs, zone, interval),
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
    starts.push(start)
    if (interval.timeZone === undefined) {
      start = end
      end += interval.intervalNs
      continue
    }
    const next = bucketAround(end, interval)
    // Around a change of offset a bucket may be asked for twice.
    start = next.start > start ? next.start : end
    end = next.end
  }
  return starts
}
