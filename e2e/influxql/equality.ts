/** How two answers to one question compare. */
export type Equality = 'same' | 'near' | 'different'

/** A number as it is written. */
class Digits {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  get value(): number {
    return Number(this.text)
  }

  /** Beyond 2^53 a float is written without a point, too: with zeros, as what a double would give back. */
  get isInteger(): boolean {
    const isFloat = !Number.isSafeInteger(this.value) && String(this.value) === this.text
    return /^-?\d+$/.test(this.text) && !isFloat
  }
}

type Cell = Digits | string | boolean | null

interface Body {
  readonly error?: string
  readonly results?: readonly {
    readonly error?: string
    readonly series?: readonly {
      readonly columns: readonly string[]
      readonly values?: readonly (readonly Cell[])[]
    }[]
  }[]
}

/** The source of a number is given since ECMAScript 2025, which the types do not know yet. */
const keepDigits = ((_: string, value: unknown, { source }: { readonly source: string }) =>
  typeof value === 'number' ? new Digits(source) : value) as (
  key: string,
  value: unknown,
) => unknown

function parse(body: string): Body {
  try {
    return JSON.parse(body, keepDigits) as Body
  } catch {
    return { error: body.trim() }
  }
}

const errorOf = ({ error, results }: Body): string | undefined => error ?? results?.[0]?.error

interface PlacedCell {
  readonly column: string
  readonly cell: Cell
}

function* cellsOf({ results = [] }: Body): Generator<PlacedCell> {
  for (const { series = [] } of results)
    for (const { columns, values = [] } of series)
      for (const row of values)
        for (const [at, cell] of row.entries()) yield { column: columns[at] ?? '', cell }
}

/** All of a body but the digits in its cells. */
const shapeOf = (body: Body): string =>
  JSON.stringify(body, (key, value) =>
    key === 'values' && Array.isArray(value)
      ? value.map((row: Cell[]) => row.map((cell) => (cell instanceof Digits ? '#' : cell)))
      : value,
  )

/** Relative; what a float may be off by, because InfluxDB adds up in another order or its Go has other last digits than V8. */
function toleranceOf(query: string): number {
  if (/\bholt_winters/i.test(query)) return 1e-7
  if (/\b(mean|sum|stddev|integral)\(/i.test(query)) return 1e-12
  return /\b(sin|cos|tan|asin|acos|atan|atan2|exp|ln|log|log2|log10|pow|sqrt)\(/i.test(query)
    ? 1e-15
    : 0
}

/** As InfluxDB names the column of a call that adds nothing up. */
const exactColumn =
  /^(time|count|min|max|first|last|median|percentile|mode|spread|distinct|top|bottom|sample|elapsed)(_\d+)?$/
/** Of one that does, and nothing more. */
const summedColumn = /^(mean|sum|stddev|integral)(_\d+)?$/

interface Rule {
  readonly tolerance: number
  /** What a column is called says nothing of the columns that it was made of. */
  readonly hasSubquery: boolean
  /** The largest float of the answer: differences of sums are off by as much as those. */
  readonly scale: number
}

function isNearCell(
  { column, cell }: PlacedCell,
  other: Cell,
  { tolerance, hasSubquery, scale }: Rule,
): boolean {
  if (!(cell instanceof Digits && other instanceof Digits)) return cell === other
  if (cell.text === other.text) return true
  if (column === 'time' || (cell.isInteger && other.isInteger)) return false
  if (!hasSubquery && exactColumn.test(column)) return false
  const [one, two] = [cell.value, other.value]
  const own = Math.max(Math.abs(one), Math.abs(two))
  const isSum = !hasSubquery && summedColumn.test(column)
  return Math.abs(one - two) <= tolerance * (isSum ? own : Math.max(own, Math.min(scale, 1e6)))
}

const scaleOf = (cells: readonly PlacedCell[]): number =>
  cells.reduce(
    (most, { cell }) =>
      cell instanceof Digits && !cell.isInteger ? Math.max(most, Math.abs(cell.value)) : most,
    0,
  )

function isNear(query: string, ours: Body, theirs: Body): boolean {
  const tolerance = toleranceOf(query)
  if (tolerance === 0 || shapeOf(ours) !== shapeOf(theirs)) return false
  const [left, right] = [[...cellsOf(ours)], [...cellsOf(theirs)]]
  const rule = { tolerance, hasSubquery: /\bFROM\s*\(/i.test(query), scale: scaleOf(left) }
  return left.every((placed, at) => isNearCell(placed, right[at]?.cell ?? null, rule))
}

/** Byte for byte; floats of columns that add up may differ by 1e-12 of their size, as InfluxDB's own last digits depend on the range it is asked for. */
export function compareBodies(query: string, ours: string, theirs: string): Equality {
  if (ours === theirs) return 'same'
  const [own, their] = [parse(ours), parse(theirs)]
  const [ourError, theirError] = [errorOf(own), errorOf(their)]
  if (ourError !== undefined || theirError !== undefined)
    return ourError === theirError ? 'same' : 'different'
  return isNear(query, own, their) ? 'near' : 'different'
}
