import type { Value } from '../result.ts'
import type { Points } from './points.ts'

type Transform = (points: Numbers, parameter: number) => Points

/** Points without nulls. */
interface Numbers {
  readonly times: readonly bigint[]
  readonly values: readonly number[]
}

/** What looks from one point to the next. The parameter is a unit in nanoseconds, or a number of points. */
const transforms: ReadonlyMap<string, Transform> = new Map<string, Transform>([
  ['derivative', (points, unit) => derivativeOf(points, unit)],
  ['non_negative_derivative', (points, unit) => notNegative(derivativeOf(points, unit))],
  ['difference', (points) => differenceOf(points)],
  ['non_negative_difference', (points) => notNegative(differenceOf(points))],
  ['cumulative_sum', (points) => cumulativeSumOf(points)],
  ['moving_average', (points, size) => movingAverageOf(points, size)],
  ['elapsed', (points, unit) => elapsedOf(points, unit)],
])

export function isTransform(name: string): boolean {
  return transforms.has(name)
}

export function transformed(name: string, points: Points, parameter: number): Points {
  const transform = transforms.get(name)
  if (transform === undefined) throw new Error(`BUG: ${name} is no transformation`)
  return transform(withoutNulls(points, name === 'elapsed'), parameter)
}

function withoutNulls({ times, values }: Points, anyType: boolean): Numbers {
  const kept = { times: [] as bigint[], values: [] as number[] }
  for (let at = 0; at < times.length; at++) {
    const value = values[at] ?? null
    if (typeof value !== 'number' && (value === null || !anyType)) continue
    kept.times.push(times[at] ?? 0n)
    kept.values.push(Number(value))
  }
  return kept
}

/** Calls `emit` with each point that has a later time than the one before; InfluxDB leaves repeated times out. */
function eachStep(
  { times, values }: Numbers,
  emit: (step: { previous: number; value: number; gapNs: number }) => Value,
): Points {
  const out = { times: [] as bigint[], values: [] as Value[] }
  let last = 0
  for (let at = 1; at < times.length; at++) {
    const [time = 0n, lastTime = 0n] = [times[at], times[last]]
    if (time === lastTime) continue
    const gapNs = Math.abs(Number(time - lastTime))
    out.times.push(time)
    out.values.push(emit({ previous: values[last] ?? 0, value: values[at] ?? 0, gapNs }))
    last = at
  }
  return out
}

function derivativeOf(points: Numbers, unit: number): Points {
  return eachStep(points, ({ previous, value, gapNs }) => (value - previous) / (gapNs / unit))
}

function differenceOf(points: Numbers): Points {
  return eachStep(points, ({ previous, value }) => value - previous)
}

function notNegative({ times, values }: Points): Points {
  const kept = { times: [] as bigint[], values: [] as Value[] }
  for (let at = 0; at < times.length; at++) {
    if (Number(values[at]) < 0) continue
    kept.times.push(times[at] ?? 0n)
    kept.values.push(values[at] ?? null)
  }
  return kept
}

function cumulativeSumOf({ times, values }: Numbers): Points {
  let sum = 0
  return { times, values: values.map((value) => (sum += value)) }
}

function movingAverageOf({ times, values }: Numbers, size: number): Points {
  const out = { times: [] as bigint[], values: [] as Value[] }
  let sum = 0
  for (let at = 0; at < values.length; at++) {
    sum += values[at] ?? 0
    if (at >= size) sum -= values[at - size] ?? 0
    if (at < size - 1) continue
    out.times.push(times[at] ?? 0n)
    out.values.push(sum / size)
  }
  return out
}

function elapsedOf({ times }: Numbers, unit: number): Points {
  const out = { times: [] as bigint[], values: [] as Value[] }
  for (let at = 1; at < times.length; at++) {
    const gap = (times[at] ?? 0n) - (times[at - 1] ?? 0n)
    out.times.push(times[at] ?? 0n)
    out.values.push(Number(gap / BigInt(unit)))
  }
  return out
}
