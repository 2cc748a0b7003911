import type { Rows } from '../../duckdb/append-columns.ts'

const initialRows = 4096
/** Of what is kept from batch to batch. */
const maxKeptRows = 131_072
const unit = 4_294_967_296
const lowBits = 0xffff_ffffn

/** Rows (column id, time, value) on their way to `numbers`; grows, and is reused from batch to batch. */
export class NumberRows {
  rowCount = 0
  #columns = new Int32Array(initialRows)
  /** Halves of 64-bit integers, low first. */
  #halves = new Uint32Array(initialRows * 2)
  #values = new Float64Array(initialRows)

  push(column: number, offsetNs: number, value: number): void {
    const row = this.rowCount++
    if (row === this.#columns.length) this.#grow()
    this.#columns[row] = column
    this.#halves[2 * row] = offsetNs % unit
    this.#halves[2 * row + 1] = offsetNs / unit
    this.#values[row] = value
  }

  /** Empties it. What one large batch needed is not kept. */
  reset(): void {
    this.rowCount = 0
    if (this.#columns.length > maxKeptRows) this.#allocate(initialRows)
  }

  rows(): Rows {
    return { columns: [this.#columns, int64(this.#halves), this.#values], rowCount: this.rowCount }
  }

  #grow(): void {
    const [columns, halves, values] = [this.#columns, this.#halves, this.#values]
    this.#allocate(columns.length * 2)
    this.#columns.set(columns)
    this.#halves.set(halves)
    this.#values.set(values)
  }

  #allocate(rows: number): void {
    this.#columns = new Int32Array(rows)
    this.#halves = new Uint32Array(rows * 2)
    this.#values = new Float64Array(rows)
  }
}

/** The same for `integers`. */
export class IntegerRows {
  rowCount = 0
  #columns = new Int32Array(initialRows)
  #halves = new Uint32Array(initialRows * 2)
  #values = new Uint32Array(initialRows * 2)

  /** A number must be an integer that it holds exactly. */
  push(column: number, offsetNs: number, value: number | bigint): void {
    const row = this.rowCount++
    if (row === this.#columns.length) this.#grow()
    this.#columns[row] = column
    this.#halves[2 * row] = offsetNs % unit
    this.#halves[2 * row + 1] = offsetNs / unit
    // What a half has no bits for falls off, so that negative ones are two's complements.
    const isSmall = typeof value === 'number'
    this.#values[2 * row] = isSmall ? value : Number(value & lowBits)
    this.#values[2 * row + 1] = isSmall ? Math.floor(value / unit) : Number(value >> 32n)
  }

  /** Empties it. What one large batch needed is not kept. */
  reset(): void {
    this.rowCount = 0
    if (this.#columns.length > maxKeptRows) this.#allocate(initialRows)
  }

  rows(): Rows {
    return {
      columns: [this.#columns, int64(this.#halves), int64(this.#values)],
      rowCount: this.rowCount,
    }
  }

  #grow(): void {
    const [columns, halves, values] = [this.#columns, this.#halves, this.#values]
    this.#allocate(columns.length * 2)
    this.#columns.set(columns)
    this.#halves.set(halves)
    this.#values.set(values)
  }

  #allocate(rows: number): void {
    this.#columns = new Int32Array(rows)
    this.#halves = new Uint32Array(rows * 2)
    this.#values = new Uint32Array(rows * 2)
  }
}

/** The same for `texts`. */
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
