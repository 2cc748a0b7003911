import type { Value } from '../../answers/result.ts'
import type { Fill } from '../../tree.ts'
import type { Points } from '../points.ts'
import type { FieldType } from '../source.ts'
import type { Walk } from './fill-walk.ts'

interface FillOptions {
  readonly fill: Fill
  readonly walk: Walk
  /** Of the values. */
  readonly type: FieldType
  readonly isCount: boolean
  readonly intervalNs: bigint
}

/** The number of fill() as a value of a type: truncated for integers, false for booleans, the empty text for strings. */
export function fillValue(value: number | bigint, type: FieldType): Value {
  switch (type) {
    case 'integer':
      return typeof value === 'bigint' ? value : BigInt(Math.trunc(value))
    case 'float':
      return Number(value)
    case 'boolean':
      return false
    case 'string':
      return ''
  }
}

/** What stands for a value that a row lacks: texts and booleans have no number, so it stays one. */
export const absentNumber = (value: number | bigint, type: FieldType): Value =>
  type === 'float' || type === 'integer' ? fillValue(value, type) : value

/** The points with the gaps between them filled. */
export function filled(points: Points, options: FillOptions): Points {
  const { times, positions } = options.walk
  if (times.length === points.times.length) return { ...points, times }
  const { rows } = points
  return {
    times,
    values: filledValues(points, options),
    ...(rows === undefined ? {} : { rows: positions.map((at) => (at < 0 ? undefined : rows[at])) }),
  }
}

function filledValues(
  { values }: Points,
  { fill, type, isCount, intervalNs, walk: { times, positions } }: FillOptions,
): Value[] {
  const known = positions.map((at) => (at < 0 ? null : (values[at] ?? null)))
  const isGap = (at: number) => (positions[at] ?? -1) < 0
  const withValue = (value: Value) => known.map((one, at) => (isGap(at) ? value : one))
  if (fill.kind === 'number') return withValue(fillValue(fill.value, type))
  if (fill.kind === 'null' && isCount) return withValue(0n)
  if (fill.kind === 'previous') return withPrevious(known, isGap)
  if (fill.kind === 'linear') return withLine(known, isGap, { times, type, intervalNs })
  return known
}

function withPrevious(values: readonly Value[], isGap: (at: number) => boolean): Value[] {
  let previous: Value = null
  return values.map((value, at) => {
    if (!isGap(at)) previous = value
    return previous
  })
}

interface Line {
  readonly times: readonly bigint[]
  readonly type: FieldType
  readonly intervalNs: bigint
}

/** On the line between two known values; buckets count as equally far apart. */
function withLine(values: Value[], isGap: (at: number) => boolean, line: Line): Value[] {
  if (line.type !== 'float' && line.type !== 'integer') return values
  const found = [...values]
  let from = -1
  for (let to = 0; to < values.length; to++) {
    if (isGap(to)) continue
    if (from >= 0) drawLine(found, { from, to }, line)
    from = to
  }
  return found
}

function drawLine(
  values: Value[],
  { from, to }: { readonly from: number; readonly to: number },
  { times, type, intervalNs }: Line,
): void {
  const [first, last] = [values[from] ?? null, values[to] ?? null]
  const slot = (at: number) => (times[at] ?? 0n) / intervalNs
  const slope = differenceOf(last, first) / Number(slot(to) - slot(from))
  for (let at = from + 1; at < to; at++) {
    const exact = slope * Number(slot(at) - slot(from)) + Number(first)
    values[at] = type === 'integer' ? toInteger(exact) : exact
  }
}

const differenceOf = (a: Value, b: Value): number =>
  typeof a === 'bigint' && typeof b === 'bigint'
    ? Number(BigInt.asIntN(64, a - b))
    : Number(a) - Number(b)

const toInteger = (value: number): Value =>
  Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(value))) : 0n
