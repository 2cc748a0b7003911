import type { Value } from '../../answers/result.ts'
import type { Points } from '../points.ts'
import { isInteger } from './reduce-points.ts'

type Transform = (points: Numbers, parameter: number, ascending: boolean) => Points

type Numeric = number | bigint

/** Points without nulls. */
interface Numbers {
  readonly times: readonly bigint[]
  readonly values: readonly Numeric[]
}

/** What looks from one point to the next. The parameter is a unit in nanoseconds, or a number of points. */
const transforms: ReadonlyMap<string, Transform> = new Map<string, Transform>([
  ['derivative', (points, unit, ascending) => derivativeOf(points, ascending ? unit : -unit)],
  [
    'non_negative_derivative',
    (points, unit, ascending) => derivativeOf(points, ascending ? unit : -unit, notNegative),
  ],
  ['difference', (points) => eachStep(points, ({ rise }) => rise)],
  ['non_negative_difference', (points) => eachStep(points, ({ rise }) => notNegative(rise))],
  ['cumulative_sum', (points) => cumulativeSumOf(points)],
  ['moving_average', (points, size) => movingAverageOf(points, size)],
  ['elapsed', (points, unit) => elapsedOf(points, unit)],
])

export function isTransform(name: string): boolean {
  return transforms.has(name)
}

export function transformed(
  name: string,
  points: Points,
  { parameter, ascending }: { readonly parameter: number; readonly ascending: boolean },
): Points {
  const transform = transforms.get(name)
  if (transform === undefined) throw new Error(`BUG: ${name} is no transformation`)
  return transform(withoutNulls(points), parameter, ascending)
}

/** Of texts and booleans only the times are of use. */
function withoutNulls({ times, values }: Points): Numbers {
  const kept = { times: [] as bigint[], values: [] as Numeric[] }
  for (let at = 0; at < times.length; at++) {
    const value = values[at] ?? null
    if (value === null) continue
    kept.times.push(times[at] ?? 0n)
    kept.values.push(typeof value === 'bigint' ? value : Number(value))
  }
  return kept
}

function difference(value: Numeric, previous: Numeric): Numeric {
  return isInteger(value) && isInteger(previous)
    ? BigInt.asIntN(64, value - previous)
    : Number(value) - Number(previous)
}

interface Step {
  readonly rise: Numeric
  /** Negative where an answer that is newest first goes on, and where a subquery begins anew. */
  readonly gapNs: number
}

/** Calls `emit` with each point that has another time than the one before; InfluxDB leaves repeated times out. Undefined: no point. */
function eachStep({ times, values }: Numbers, emit: (step: Step) => Value | undefined): Points {
  const out = { times: [] as bigint[], values: [] as Value[] }
  let last = 0
  for (let at = 1; at < times.length; at++) {
    const [time = 0n, lastTime = 0n] = [times[at], times[last]]
    if (time === lastTime) continue
    const rise = difference(values[at] ?? 0, values[last] ?? 0)
    const value = emit({ rise, gapNs: Number(time - lastTime) })
    last = at
    if (value === undefined) continue
    out.times.push(time)
    out.values.push(value)
  }
  return out
}

const notNegative = (rise: Numeric): Numeric | undefined => (Number(rise) < 0 ? undefined : rise)

function derivativeOf(
  points: Numbers,
  unit: number,
  keep: (rise: Numeric) => Numeric | undefined = (rise) => rise,
): Points {
  return eachStep(points, ({ rise, gapNs }) => {
    const kept = keep(rise)
    return kept === undefined ? undefined : Number(kept) / (gapNs / unit)
  })
}

function cumulativeSumOf({ times, values }: Numbers): Points {
  if (isInteger(values[0])) {
    let whole = 0n
    return {
      times,
      values: values.map((value) => (whole = BigInt.asIntN(64, whole + BigInt(value)))),
    }
  }
  let sum = 0
  return { times, values: values.map((value) => (sum += Number(value))) }
}

/** The oldest value leaves the sum before the newest joins it: the last digits depend on that. */
function movingAverageOf({ times, values }: Numbers, size: number): Points {
  const out = { times: [] as bigint[], values: [] as Value[] }
  let sum = 0
  let whole = 0n
  for (let at = 0; at < values.length; at++) {
    const [value = 0, oldest = 0] = [values[at], at >= size ? values[at - size] : undefined]
    if (isInteger(value)) whole = BigInt.asIntN(64, whole - BigInt(oldest) + value)
    else {
      if (at >= size) sum -= Number(oldest)
      sum += value
    }
    if (at < size - 1) continue
    out.times.push(times[at] ?? 0n)
    out.values.push((isInteger(value) ? Number(whole) : sum) / size)
  }
  return out
}

function elapsedOf({ times }: Numbers, unit: number): Points {
  const out = { times: [] as bigint[], values: [] as Value[] }
  for (let at = 1; at < times.length; at++) {
    const gap = (times[at] ?? 0n) - (times[at - 1] ?? 0n)
    out.times.push(times[at] ?? 0n)
    out.values.push(gap / BigInt(unit))
  }
  return out
}
