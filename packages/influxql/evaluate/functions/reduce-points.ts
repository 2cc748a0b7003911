import type { Value } from '../../answers/result.ts'
import type { Values } from '../values.ts'
import { goSort } from './go-sort.ts'

/** A stretch of points in the order of the answer; no value is null. */
export interface Stretch {
  readonly times: readonly bigint[]
  readonly values: Values
  readonly from: number
  readonly to: number
}

export interface Reduced {
  readonly value: Value
  /** Which point was selected; absent for what is computed. */
  readonly index?: number
}

export type Reducer = (stretch: Stretch, parameter: number) => readonly Reduced[]

/** Comparison of two values of one type. */
export function compareValues(a: Value, b: Value): number {
  if (a === b) return 0
  return a !== null && b !== null && a < b ? -1 : 1
}

export const isInteger = (value: Value | undefined): value is bigint => typeof value === 'bigint'

const valueAt = ({ values }: Stretch, index: number): Value => values[index] ?? null
const timeAt = ({ times }: Stretch, index: number): bigint => times[index] ?? 0n

function indicesOf({ from, to }: Stretch): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at)
}

function floatsOf({ values, from, to }: Stretch): number[] {
  return Array.from(values.slice(from, to), Number)
}

/** Indices by value, equal ones as InfluxDB's sort leaves them. */
function sortedIndices(stretch: Stretch): number[] {
  return goSort(
    indicesOf(stretch),
    (a, b) => compareValues(valueAt(stretch, a), valueAt(stretch, b)) < 0,
  )
}

/** The point that no other is better than; the first one of equals. */
function best(stretch: Stretch, isBetter: (a: number, b: number) => boolean): Reduced[] {
  let index = stretch.from
  for (let at = index + 1; at < stretch.to; at++) if (isBetter(at, index)) index = at
  return [{ value: valueAt(stretch, index), index }]
}

/** Of equal values the oldest. */
function extreme(stretch: Stretch, sign: 1 | -1): Reduced[] {
  return best(stretch, (a, b) => {
    const [one, other] = [valueAt(stretch, a), valueAt(stretch, b)]
    if (one === other) return timeAt(stretch, a) < timeAt(stretch, b)
    // No number is neither less nor greater.
    return one !== null && other !== null && (sign > 0 ? one > other : one < other)
  })
}

/** The oldest or newest point; of several at that time the greatest, and for the oldest boolean the least. */
function atEnd(stretch: Stretch, sign: 1 | -1): Reduced[] {
  return best(stretch, (a, b) => {
    const [one, other] = [timeAt(stretch, a), timeAt(stretch, b)]
    if (one !== other) return one > other === sign > 0
    const [value, known] = [valueAt(stretch, a), valueAt(stretch, b)]
    const isLess = typeof value === 'boolean' && sign < 0
    // What is no number is neither.
    return (isLess ? compareValues(value, known) : compareValues(known, value)) < 0
  })
}

function sumOf(stretch: Stretch): Value {
  const { values, from, to } = stretch
  if (!isInteger(values[from])) return floatsOf(stretch).reduce((sum, value) => sum + value, 0)
  let sum = 0n
  for (let at = from; at < to; at++) sum += BigInt(values[at] ?? 0)
  return BigInt.asIntN(64, sum)
}

/** The mean as InfluxDB has it: means of series are multiplied by their counts and divided again when they are merged, a second time
 *  when shards are, and that may change the last digit. */
export function meanOf(sum: number, count: number): number {
  let mean = sum / count
  if (count > 1) for (let merge = 0; merge < 2; merge++) mean = (mean * count) / count
  return mean
}

/** The mean first, as a running one, then the squares; what is no number, a deviation of one point itself, is passed over. */
function deviationOf(stretch: Stretch): number {
  if (stretch.to - stretch.from < 2) return Number.NaN
  const floats = floatsOf(stretch).filter((value) => !Number.isNaN(value))
  const mean = floats.reduce((running, value, at) => running + (value - running) / (at + 1), 0)
  const squares = floats.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
  return Math.sqrt(squares / (floats.length - 1))
}

function medianOf(stretch: Stretch): Value {
  const indices = sortedIndices(stretch)
  const half = indices.length >> 1
  const upper = valueAt(stretch, indices[half] ?? 0)
  if (indices.length % 2 === 1) return Number(upper)
  const lower = valueAt(stretch, indices[half - 1] ?? 0)
  const between =
    isInteger(upper) && isInteger(lower)
      ? Number(BigInt.asIntN(64, upper - lower))
      : Number(upper) - Number(lower)
  return Number(lower) + between / 2
}

/** The most frequent value, of several the one whose last point is oldest. InfluxDB looks at a value again only from its second
 *  point on: with all different it is the least. */
function modeOf(stretch: Stretch): Value {
  const indices = sortedIndices(stretch)
  const first = indices[0] ?? stretch.from
  if (typeof valueAt(stretch, first) === 'boolean') return modeOfBooleans(stretch)
  let mode = valueAt(stretch, first)
  let current = mode
  let [most, count] = [0, 0]
  let [modeTime, currentTime] = [timeAt(stretch, first), timeAt(stretch, first)]
  for (const index of indices) {
    const value = valueAt(stretch, index)
    if (value !== current) {
      count = 1
      current = value
      currentTime = timeAt(stretch, index)
      continue
    }
    count++
    if (most > count || (most === count && currentTime > modeTime)) continue
    most = count
    mode = value
    modeTime = timeAt(stretch, index)
  }
  return mode
}

function modeOfBooleans({ values, from, to }: Stretch): boolean {
  const yes = values.slice(from, to).filter((value) => value === true).length
  return yes >= to - from - yes
}

function percentileOf(stretch: Stretch, percentile: number): Reduced[] {
  const length = stretch.to - stretch.from
  const rank = Math.floor((length * percentile) / 100 + 0.5) - 1
  const index = sortedIndices(stretch)[rank]
  return index === undefined ? [] : [{ value: valueAt(stretch, index), index }]
}

/** Each value once, at the time at which it was seen first, by time and then by value. */
function distinctOf(stretch: Stretch): Reduced[] {
  const seen = new Map<Value, number>()
  let zero = 0
  for (const index of indicesOf(stretch)) {
    const value = valueAt(stretch, index)
    if (!seen.has(value)) seen.set(value, index)
    // Go's maps take the key that was set last, which tells 0 from -0.
    if (value === 0) zero = value
  }
  const found = [...seen].map(([value, index]) => ({ value: value === 0 ? zero : value, index }))
  return found.sort((a, b) => {
    const [one, other] = [timeAt(stretch, a.index), timeAt(stretch, b.index)]
    if (one === other) return compareValues(a.value, b.value)
    return one < other ? -1 : 1
  })
}

function spreadOf(stretch: Stretch): Value {
  const low = extreme(stretch, -1)[0]?.value ?? null
  const high = extreme(stretch, 1)[0]?.value ?? null
  if (isInteger(low) && isInteger(high)) return BigInt.asIntN(64, high - low)
  const hasNoNumber = floatsOf(stretch).some(Number.isNaN)
  return hasNoNumber ? Number.NaN : Number(high) - Number(low)
}

const computed =
  (compute: (stretch: Stretch) => Value): Reducer =>
  (stretch) => [{ value: compute(stretch) }]

export const reducers: ReadonlyMap<string, Reducer> = new Map<string, Reducer>([
  ['count', computed(({ from, to }) => BigInt(to - from))],
  ['sum', computed(sumOf)],
  ['mean', computed((stretch) => meanOf(Number(sumOf(stretch)), stretch.to - stretch.from))],
  ['min', (stretch) => extreme(stretch, -1)],
  ['max', (stretch) => extreme(stretch, 1)],
  ['first', (stretch) => atEnd(stretch, -1)],
  ['last', (stretch) => atEnd(stretch, 1)],
  ['spread', computed(spreadOf)],
  ['stddev', computed(deviationOf)],
  ['median', computed(medianOf)],
  ['mode', computed(modeOf)],
  ['percentile', percentileOf],
  ['distinct', distinctOf],
])
