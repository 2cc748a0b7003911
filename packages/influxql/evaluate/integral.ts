import type { Value } from '../result.ts'
import type { Points } from './points.ts'

interface IntegralOptions {
  readonly unitNs: number
  /** Start of the bucket that holds a time, and of the next. */
  readonly bucketOf: (ns: bigint) => { readonly start: bigint; readonly end: bigint }
}

/** The area under the lines between points, cut at the edges of buckets; oldest first. */
export function integralOf(
  { times, values }: Points,
  { unitNs, bucketOf }: IntegralOptions,
): Points {
  const sums = new Map<bigint, number>()
  const add = (start: bigint, area: number) => sums.set(start, (sums.get(start) ?? 0) + area)
  for (let at = 0; at < times.length; at++) {
    const to = { time: times[at] ?? 0n, value: Number(values[at]) }
    if (at === 0) {
      add(bucketOf(to.time).start, 0)
      continue
    }
    let from = { time: times[at - 1] ?? 0n, value: Number(values[at - 1]) }
    for (let { start, end } = bucketOf(from.time); end <= to.time; { start, end } = bucketOf(end)) {
      const edge = { time: end, value: between(from, to, end) }
      add(start, areaOf(from, edge, unitNs))
      from = edge
    }
    add(bucketOf(to.time).start, areaOf(from, to, unitNs))
  }
  const found: Value[] = [...sums.values()]
  return { times: [...sums.keys()], values: found }
}

interface Sample {
  readonly time: bigint
  readonly value: number
}

function between(from: Sample, to: Sample, at: bigint): number {
  const share = Number(at - from.time) / Number(to.time - from.time)
  return from.value + (to.value - from.value) * share
}

function areaOf(from: Sample, to: Sample, unitNs: number): number {
  return (0.5 * (from.value + to.value) * Number(to.time - from.time)) / unitNs
}
