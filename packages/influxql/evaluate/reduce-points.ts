import type { Value } from '../result.ts'

/** A stretch of points, oldest first; no value is null. */
export interface Stretch {
  readonly times: readonly bigint[]
  readonly values: readonly Value[]
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

function numbersOf({ values, from, to }: Stretch): number[] {
  return values.slice(from, to) as number[]
}

/** Indices by value, equal ones by time. */
function sortedIndices({ values, from, to }: Stretch): number[] {
  const indices = Array.from({ length: to - from }, (_, at) => from + at)
  return indices.sort((a, b) => compareValues(values[a] ?? null, values[b] ?? null) || a - b)
}

function selected({ values }: Stretch, index: number): Reduced[] {
  return [{ value: values[index] ?? null, index }]
}

/** Of equal values the oldest, as the first one seen stays. */
function extreme(stretch: Stretch, sign: 1 | -1): Reduced[] {
  let best = stretch.from
  for (let at = best + 1; at < stretch.to; at++)
    if (compareValues(stretch.values[at] ?? null, stretch.values[best] ?? null) * sign > 0)
      best = at
  return selected(stretch, best)
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0)

function meanOf(numbers: readonly number[]): number {
  return sumOf(numbers) / numbers.length
}

function deviationOf(stretch: Stretch): Value {
  const numbers = numbersOf(stretch)
  if (numbers.length < 2) return null
  const mean = meanOf(numbers)
  const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / (numbers.length - 1))
}

function medianOf(stretch: Stretch): number {
  const numbers = numbersOf(stretch).sort((a, b) => a - b)
  const half = Math.floor(numbers.length / 2)
  const upper = numbers[half] ?? 0
  if (numbers.length % 2 === 1) return upper
  const lower = numbers[half - 1] ?? 0
  return lower + (upper - lower) / 2
}

/** The most frequent value. InfluxDB looks at a value again only from its second point on: with all different it is the least. */
function modeOf(stretch: Stretch): Value {
  const indices = sortedIndices(stretch)
  let mode = stretch.values[indices[0] ?? 0] ?? null
  let current = mode
  let [most, count, modeAt, currentAt] = [0, 0, indices[0] ?? 0, indices[0] ?? 0]
  for (const index of indices) {
    const value = stretch.values[index] ?? null
    if (value !== current) {
      count = 1
      current = value
      currentAt = index
      continue
    }
    count++
    if (most > count || (most === count && currentAt > modeAt)) continue
    most = count
    mode = value
    modeAt = index
  }
  return mode
}

function percentileOf(stretch: Stretch, percentile: number): Reduced[] {
  const length = stretch.to - stretch.from
  const rank = Math.floor((length * percentile) / 100 + 0.5) - 1
  const index = sortedIndices(stretch)[rank]
  return index === undefined ? [] : selected(stretch, index)
}

function distinctOf({ values, from, to }: Stretch): Reduced[] {
  const seen = new Set<Value>()
  for (let at = from; at < to; at++) seen.add(values[at] ?? null)
  return [...seen].map((value) => ({ value }))
}

const computed =
  (compute: (stretch: Stretch) => Value): Reducer =>
  (stretch) => [{ value: compute(stretch) }]

export const reducers: ReadonlyMap<string, Reducer> = new Map<string, Reducer>([
  ['count', computed(({ from, to }) => to - from)],
  ['sum', computed((stretch) => sumOf(numbersOf(stretch)))],
  ['mean', computed((stretch) => meanOf(numbersOf(stretch)))],
  ['min', (stretch) => extreme(stretch, -1)],
  ['max', (stretch) => extreme(stretch, 1)],
  ['first', (stretch) => selected(stretch, stretch.from)],
  ['last', (stretch) => selected(stretch, stretch.to - 1)],
  ['spread', computed(spreadOf)],
  ['stddev', computed(deviationOf)],
  ['median', computed(medianOf)],
  ['mode', computed(modeOf)],
  ['percentile', percentileOf],
  ['distinct', distinctOf],
])

function spreadOf(stretch: Stretch): Value {
  const [low] = extreme(stretch, -1)
  const [high] = extreme(stretch, 1)
  return Number(high?.value) - Number(low?.value)
}
