import type { Value } from '../result.ts'
import type { Fill } from '../tree.ts'
import type { Points } from './points.ts'

interface FillOptions {
  readonly fill: Fill
  /** Every bucket of the answer, in its order. */
  readonly starts: readonly bigint[]
  /** A linear fill of integers is an integer. */
  readonly isInteger: boolean
  readonly isCount: boolean
}

/** One point a bucket. The points are at bucket starts, in the order of the buckets, at most one each. */
export function filled(points: Points, options: FillOptions): Points {
  const { starts } = options
  const values: Value[] = new Array(starts.length).fill(null)
  const rows: Points['rows'] = points.rows === undefined ? undefined : new Array(starts.length)
  const present = new Uint8Array(starts.length)
  let next = 0
  for (let at = 0; at < starts.length && next < points.times.length; at++) {
    if (points.times[next] !== starts[at]) continue
    values[at] = points.values[next] ?? null
    if (rows !== undefined) Object.assign(rows, { [at]: points.rows?.[next] })
    present[at] = 1
    next++
  }
  fillGaps(values, present, options)
  return { times: starts, values, ...(rows === undefined ? {} : { rows }) }
}

function fillGaps(values: Value[], present: Uint8Array, options: FillOptions): void {
  const { fill, isCount } = options
  if (fill.kind === 'number') fillNumber(values, present, Number(fill.value))
  else if (fill.kind === 'null' && isCount) fillNumber(values, present, 0)
  else if (fill.kind === 'previous') fillPrevious(values)
  else if (fill.kind === 'linear') fillLinear(values, options.isInteger)
}

function fillNumber(values: Value[], present: Uint8Array, value: number): void {
  for (let at = 0; at < values.length; at++) if (present[at] === 0) values[at] = value
}

function fillPrevious(values: Value[]): void {
  for (let at = 1; at < values.length; at++) values[at] ??= values[at - 1] ?? null
}

/** Between two known values only; buckets count as equally far apart. */
function fillLinear(values: Value[], isInteger: boolean): void {
  let known = -1
  for (let at = 0; at < values.length; at++) {
    if (typeof values[at] !== 'number') continue
    if (known >= 0) interpolate(values, { from: known, to: at, isInteger })
    known = at
  }
}

function interpolate(
  values: Value[],
  { from, to, isInteger }: { from: number; to: number; isInteger: boolean },
): void {
  const [low, high] = [Number(values[from]), Number(values[to])]
  for (let at = from + 1; at < to; at++) {
    const exact = low + ((high - low) * (at - from)) / (to - from)
    values[at] = isInteger ? Math.trunc(exact) : exact
  }
}
