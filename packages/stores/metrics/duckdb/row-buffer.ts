import type { Rows } from '../../duckdb/append-columns.ts'

const initialRows = 4096
/** Of what is kept from batch to batch. */
const maxKeptRows = 131_072
const unit = 4_294_967_296
const lowBits = 0xffff_ffffn

/** What a row is of. */
interface RowColumn {
  readonly id: number
  readonly field: { readonly id: number }
}

type Elements = Int32Array | Uint32Array | Float64Array

/** The arrays that hold rows, with room for as many. */
interface Arrays<Values extends Elements> {
  readonly columns: Int32Array
  readonly fields: Int32Array
  /** Halves of 64-bit integers, low first. */
  readonly halves: Uint32Array
  readonly values: Values
}

/** Rows (column id, time, value) on their way to a table; grows, and is reused from batch to batch.
 *  Rows of one field go together, each field's in the order in which they came: like values beside each other take a third less room, and a query of one field passes over the others. */
abstract class FieldRows<Values extends Elements> {
  rowCount = 0
  protected arrays = this.allocate(initialRows)
  #spare: Arrays<Values> | undefined

  protected abstract allocate(rows: number): Arrays<Values>

  /** The row's number, whose value is still to be put. */
  protected addRow({ id, field }: RowColumn, offsetNs: number): number {
    const row = this.rowCount++
    if (row === this.arrays.columns.length) this.#grow()
    const { columns, fields, halves } = this.arrays
    columns[row] = id
    fields[row] = field.id
    halves[2 * row] = offsetNs % unit
    halves[2 * row + 1] = offsetNs / unit
    return row
  }

  /** Empties it. What one large batch needed is not kept. */
  reset(): void {
    this.rowCount = 0
    if (this.arrays.columns.length <= maxKeptRows) return
    this.arrays = this.allocate(initialRows)
    this.#spare = undefined
  }

  protected sorted(): Arrays<Values> {
    const order = orderByField(this.arrays.fields, this.rowCount)
    if (order === undefined) return this.arrays
    const [from, into] = [this.arrays, this.#spare ?? this.allocate(this.arrays.columns.length)]
    gather(from.columns, into.columns, order)
    gather(from.fields, into.fields, order)
    gatherPairs(from.halves, into.halves, order)
    if (from.values.length > from.columns.length) gatherPairs(from.values, into.values, order)
    else gather(from.values, into.values, order)
    this.arrays = into
    this.#spare = from
    return into
  }

  #grow(): void {
    const before = this.arrays
    this.arrays = this.allocate(before.columns.length * 2)
    this.#spare = undefined
    this.arrays.columns.set(before.columns)
    this.arrays.fields.set(before.fields)
    this.arrays.halves.set(before.halves)
    this.arrays.values.set(before.values)
  }
}

/** Rows by field; undefined when they are already. */
function orderByField(fields: Int32Array, rowCount: number): Uint32Array | undefined {
  if (isAscending(fields, rowCount)) return undefined
  const next = startsOf(fields, rowCount)
  const order = new Uint32Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const field = fields[row] ?? 0
    const at = next[field] ?? 0
    next[field] = at + 1
    order[at] = row
  }
  return order
}

function isAscending(fields: Int32Array, rowCount: number): boolean {
  for (let row = 1; row < rowCount; row++)
    if ((fields[row] ?? 0) < (fields[row - 1] ?? 0)) return false
  return true
}

/** Of each field, where its rows begin. */
function startsOf(fields: Int32Array, rowCount: number): Uint32Array {
  let last = 0
  for (let row = 0; row < rowCount; row++) last = Math.max(last, fields[row] ?? 0)
  const starts = new Uint32Array(last + 2)
  for (let row = 0; row < rowCount; row++) {
    const after = (fields[row] ?? 0) + 1
    starts[after] = (starts[after] ?? 0) + 1
  }
  for (let field = 1; field < starts.length; field++)
    starts[field] = (starts[field] ?? 0) + (starts[field - 1] ?? 0)
  return starts
}

function gather(from: Elements, into: Elements, order: Uint32Array): void {
  for (let at = 0; at < order.length; at++) into[at] = from[order[at] ?? 0] ?? 0
}

function gatherPairs(from: Elements, into: Elements, order: Uint32Array): void {
  for (let at = 0; at < order.length; at++) {
    const row = order[at] ?? 0
    into[2 * at] = from[2 * row] ?? 0
    into[2 * at + 1] = from[2 * row + 1] ?? 0
  }
}

/** Of `numbers`. */
export class NumberRows extends FieldRows<Float64Array> {
  push(column: RowColumn, offsetNs: number, value: number): void {
    const row = this.addRow(column, offsetNs)
    this.arrays.values[row] = value
  }

  rows(): Rows {
    const { columns, halves, values } = this.sorted()
    return { columns: [columns, int64(halves), values], rowCount: this.rowCount }
  }

  protected allocate(rows: number): Arrays<Float64Array> {
    return { ...placesFor(rows), values: new Float64Array(rows) }
  }
}

/** Of `integers`. */
export class IntegerRows extends FieldRows<Uint32Array> {
  /** A number must be an integer that it holds exactly. */
  push(column: RowColumn, offsetNs: number, value: number | bigint): void {
    const row = this.addRow(column, offsetNs)
    // What a half has no bits for falls off, so that negative ones are two's complements.
    const isSmall = typeof value === 'number'
    this.arrays.values[2 * row] = isSmall ? value : Number(value & lowBits)
    this.arrays.values[2 * row + 1] = isSmall ? Math.floor(value / unit) : Number(value >> 32n)
  }

  rows(): Rows {
    const { columns, halves, values } = this.sorted()
    return { columns: [columns, int64(halves), int64(values)], rowCount: this.rowCount }
  }

  protected allocate(rows: number): Arrays<Uint32Array> {
    return { ...placesFor(rows), values: new Uint32Array(rows * 2) }
  }
}

const placesFor = (rows: number) => ({
  columns: new Int32Array(rows),
  fields: new Int32Array(rows),
  halves: new Uint32Array(rows * 2),
})

/** The same for `texts`, in the order in which they come. */
export class TextRows {
  readonly #columns: number[] = []
  readonly #halves: number[] = []
  readonly #values: string[] = []

  get rowCount(): number {
    return this.#columns.length
  }

  push(column: number, offsetNs: number, value: string): void {
    this.#columns.push(column)
    this.#halves.push(offsetNs % unit, Math.floor(offsetNs / unit))
    this.#values.push(value)
  }

  rows(): Rows {
    return {
      columns: [
        Int32Array.from(this.#columns),
        int64(Uint32Array.from(this.#halves)),
        this.#values,
      ],
      rowCount: this.rowCount,
    }
  }
}

const int64 = ({ buffer, byteOffset, length }: Uint32Array): BigInt64Array =>
  new BigInt64Array(buffer, byteOffset, length / 2)
