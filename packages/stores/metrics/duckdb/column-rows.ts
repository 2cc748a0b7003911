export interface SortedRows<Values> {
  /** Oldest first, from the file's midnight. */
  readonly offsetsNs: Float64Array
  readonly values: Values
}

type Numbers = Float64Array | BigInt64Array

interface Piece<Values extends Numbers> {
  readonly columns: Int32Array
  readonly offsetsNs: Float64Array
  readonly values: Values
}

/** Collects rows (column, time, value) as they come and sorts them into columns: in three arrays for all of them, however many columns there are. */
export class NumberCollector<Values extends Numbers> {
  readonly #pieces: Piece<Values>[] = []
  readonly #counts = new Map<number, number>()

  readonly #allocate: new (
    length: number,
  ) => Values

  constructor(Values: new (length: number) => Values) {
    this.#allocate = Values
  }

  /** Keeps the arrays. */
  add(piece: Piece<Values>): void {
    this.#pieces.push(piece)
    // Rows of one column often come together.
    let column = -1
    let count = 0
    for (const next of piece.columns) {
      if (next !== column) {
        this.#counts.set(column, (this.#counts.get(column) ?? 0) + count)
        column = next
        count = 0
      }
      count++
    }
    this.#counts.set(column, (this.#counts.get(column) ?? 0) + count)
  }

  /** By column id. Empties the collector. */
  columns(): Map<number, SortedRows<Values>> {
    this.#counts.delete(-1)
    const total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0)
    const offsetsNs = new Float64Array(total)
    const values = new this.#allocate(total)
    const starts = new Map<number, number>()
    const next = new Map<number, number>()
    let at = 0
    for (const [column, count] of this.#counts) {
      starts.set(column, at)
      next.set(column, at)
      at += count
    }
    for (const piece of this.#pieces.splice(0)) place(piece, next, { offsetsNs, values })
    const found = new Map<number, SortedRows<Values>>()
    for (const [column, start] of starts) {
      const end = next.get(column)
      found.set(
        column,
        inOrder({
          offsetsNs: offsetsNs.subarray(start, end),
          values: values.subarray(start, end) as Values,
        }),
      )
    }
    return found
  }
}

function place<Values extends Numbers>(
  { columns, offsetsNs, values }: Piece<Values>,
  next: Map<number, number>,
  into: SortedRows<Values>,
): void {
  for (let row = 0; row < columns.length; row++) {
    const column = columns[row] ?? 0
    const at = next.get(column) ?? 0
    next.set(column, at + 1)
    into.offsetsNs[at] = offsetsNs[row] ?? 0
    copyValue(into.values, at, values[row])
  }
}

/** Of an array of the same kind: it takes no other. */
function copyValue(into: Numbers, at: number, value: number | bigint | undefined): void {
  if (typeof value === 'bigint') (into as BigInt64Array)[at] = value
  else (into as Float64Array)[at] = value ?? 0
}

/** Rows come in the order they were written, which is that of time but for late ones: those are sorted and put between the others. */
function inOrder<Values extends Numbers>(rows: SortedRows<Values>): SortedRows<Values> {
  const { offsetsNs, values } = rows
  const late = lateOnes(offsetsNs)
  if (late.length <= maxInserted) return inserted(rows, late)
  const timeOf = (at: number | undefined) => offsetsNs[at ?? -1] ?? Number.POSITIVE_INFINITY
  late.sort((a, b) => timeOf(a) - timeOf(b))
  const count = offsetsNs.length
  const sorted = { offsetsNs: new Float64Array(count), values: values.slice() as Values }
  let [newest, nextLate, next] = [Number.NEGATIVE_INFINITY, 0, 0]
  for (let to = 0; to < count; to++) {
    while (timeOf(next) < newest) next++
    const takesLate = timeOf(late[nextLate]) < timeOf(next)
    const at = takesLate ? (late[nextLate++] ?? 0) : next++
    if (!takesLate) newest = timeOf(at)
    sorted.offsetsNs[to] = offsetsNs[at] ?? 0
    copyValue(sorted.values, to, values[at])
  }
  return sorted
}

/** Each moves all that are younger: cheap while few do. */
const maxInserted = 32

/** In place. */
function inserted<Values extends Numbers>(
  rows: SortedRows<Values>,
  late: readonly number[],
): SortedRows<Values> {
  const { offsetsNs, values } = rows
  for (const at of late) {
    const [offsetNs, value] = [offsetsNs[at] ?? 0, values[at]]
    const to = placeOf(offsetsNs, at, offsetNs)
    offsetsNs.copyWithin(to + 1, to, at)
    values.copyWithin(to + 1, to, at)
    offsetsNs[to] = offsetNs
    copyValue(values, to, value)
  }
  return rows
}

/** Of the first row before `end` that is younger; those before `end` are in order. */
function placeOf(offsetsNs: Float64Array, end: number, offsetNs: number): number {
  let [low, high] = [0, end]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((offsetsNs[middle] ?? 0) <= offsetNs) low = middle + 1
    else high = middle
  }
  return low
}

/** Indices of rows that are older than one before them. */
function lateOnes(offsetsNs: Float64Array): number[] {
  const late: number[] = []
  let newest = Number.NEGATIVE_INFINITY
  for (let at = 0; at < offsetsNs.length; at++) {
    const time = offsetsNs[at] ?? 0
    if (time < newest) late.push(at)
    else newest = time
  }
  return late
}

/** The same for the strings of one column. */
export class TextCollector {
  readonly #offsets: number[] = []
  readonly #values: string[] = []

  add(offsetNs: number, value: string): void {
    this.#offsets.push(offsetNs)
    this.#values.push(value)
  }

  sorted(): SortedRows<string[]> {
    const order = orderOf(this.#offsets)
    return {
      offsetsNs: Float64Array.from(order, (at) => this.#offsets[at] ?? 0),
      values: Array.from(order, (at) => this.#values[at] ?? ''),
    }
  }
}

const orderOf = (offsets: ArrayLike<number>): Uint32Array =>
  Uint32Array.from({ length: offsets.length }, (_, at) => at).sort(
    (a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0),
  )
