import { type Block, type Numbers, type Piece, RowBlocks } from './row-blocks.ts'

export interface SortedRows<Values> {
  /** Oldest first, from the file's midnight. */
  readonly offsetsNs: Float64Array
  readonly values: Values
}

/** Numbers the columns that a query reads, from 0, in the order of their ids. */
export class ColumnSlots {
  readonly ids: readonly number[]
  readonly #first: number
  /** Slots by id from the first one: ids count from 0 in each file, so mostly those of a query stand close. Undefined where they do not. */
  readonly #close: Int32Array | undefined
  readonly #far: ReadonlyMap<number, number>

  /** Ascending. */
  constructor(ids: readonly number[]) {
    this.ids = ids
    this.#first = ids[0] ?? 0
    const span = (ids.at(-1) ?? 0) - this.#first + 1
    const isClose = span <= maxSpan(ids.length)
    this.#close = isClose ? new Int32Array(span) : undefined
    ids.forEach((id, slot) => {
      if (this.#close !== undefined) this.#close[id - this.#first] = slot
    })
    this.#far = new Map(isClose ? [] : ids.map((id, slot) => [id, slot]))
  }

  /** In place; each must be one of the ids. */
  replaceIds(columns: Int32Array): void {
    const [close, first] = [this.#close, this.#first]
    if (close === undefined)
      for (let row = 0; row < columns.length; row++)
        columns[row] = this.#far.get(columns[row] ?? 0) ?? 0
    else
      for (let row = 0; row < columns.length; row++)
        columns[row] = close[(columns[row] ?? 0) - first] ?? 0
  }
}

/** What an array by id may take: 16 bytes a column at most, or 64 kB. */
const maxSpan = (columns: number): number => Math.max(16_384, 4 * columns)

/** Collects rows (column, time, value) as they come and sorts them into columns: in three arrays for all of them, however many columns there are. */
export class NumberCollector<Values extends Numbers> {
  readonly #blocks: RowBlocks<Values>
  readonly #slots: ColumnSlots
  readonly #counts: Int32Array

  readonly #allocate: new (
    length: number,
  ) => Values

  /** `ids` are those of all rows that will come, ascending. */
  constructor(Values: new (length: number) => Values, ids: readonly number[]) {
    this.#allocate = Values
    this.#blocks = new RowBlocks(Values)
    this.#slots = new ColumnSlots(ids)
    this.#counts = new Int32Array(ids.length)
  }

  /** Copies the rows: a chunk's memory may be that of the file. */
  add(piece: Piece<Values>): void {
    const { columns: slots } = this.#blocks.add(piece)
    this.#slots.replaceIds(slots)
    const counts = this.#counts
    for (const slot of slots) counts[slot] = (counts[slot] ?? 0) + 1
  }

  /** By column id; those without rows are absent. Empties the collector. */
  columns(): Map<number, SortedRows<Values>> {
    const counts = this.#counts
    const total = counts.reduce((sum, count) => sum + count, 0)
    const offsetsNs = new Float64Array(total)
    const values = new this.#allocate(total)
    const next = new Int32Array(counts.length)
    for (let slot = 1; slot < counts.length; slot++)
      next[slot] = (next[slot - 1] ?? 0) + (counts[slot - 1] ?? 0)
    for (const block of this.#blocks.all()) place(block, next, { offsetsNs, values })
    this.#blocks.free()
    const found = new Map<number, SortedRows<Values>>()
    this.#slots.ids.forEach((id, slot) => {
      const count = counts[slot] ?? 0
      if (count === 0) return
      const end = next[slot] ?? 0
      const rows = {
        offsetsNs: offsetsNs.subarray(end - count, end),
        values: values.subarray(end - count, end) as Values,
      }
      found.set(id, inOrder(rows))
    })
    return found
  }
}

/** `next` says where the next row of each slot goes. */
function place<Values extends Numbers>(
  { columns, offsetsNs, values, count }: Block<Values>,
  next: Int32Array,
  into: SortedRows<Values>,
): void {
  for (let row = 0; row < count; row++) {
    const slot = columns[row] ?? 0
    const at = next[slot] ?? 0
    next[slot] = at + 1
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
