import { freeBytes } from '@warren/platform/free-bytes'
import type { Block } from '../row-blocks.ts'

/** Rows, those of a cell beside each other and oldest first. */
export interface CellRows {
  readonly cells: Int32Array
  readonly values: Float64Array
}

/** Rows as they came; their columns are cells. */
export type CellBlock = Readonly<Block<Float64Array>>

interface PlacedRows extends CellRows {
  readonly offsetsNs: Float64Array
}

/** All rows of the cells that `isLate` holds 1 for, in the order of time. */
export function lateRows(blocks: readonly CellBlock[], isLate: Uint8Array): CellRows {
  const next = new Int32Array(isLate.length)
  for (const block of blocks) countLate(block, isLate, next)
  const total = toPlaces(next)
  const rows = {
    cells: new Int32Array(total),
    offsetsNs: new Float64Array(total),
    values: new Float64Array(total),
  }
  for (const block of blocks) placeLate(block, { isLate, next, rows })
  sortCells(rows)
  freeBytes(rows.offsetsNs)
  return rows
}

function countLate({ columns, count }: CellBlock, isLate: Uint8Array, counts: Int32Array): void {
  for (let row = 0; row < count; row++) {
    const cell = columns[row] ?? 0
    if (isLate[cell] === 1) counts[cell] = (counts[cell] ?? 0) + 1
  }
}

/** Makes counts into where the rows of each cell begin; returns how many there are. */
function toPlaces(counts: Int32Array): number {
  let total = 0
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell] ?? 0
    counts[cell] = total
    total += count
  }
  return total
}

interface Placing {
  readonly isLate: Uint8Array
  /** By cell: where its next row goes. */
  readonly next: Int32Array
  readonly rows: PlacedRows
}

function placeLate(
  { columns, offsetsNs, values, count }: CellBlock,
  { isLate, next, rows }: Placing,
): void {
  for (let row = 0; row < count; row++) {
    const cell = columns[row] ?? 0
    if (isLate[cell] !== 1) continue
    const at = next[cell] ?? 0
    next[cell] = at + 1
    rows.cells[at] = cell
    rows.offsetsNs[at] = offsetsNs[row] ?? 0
    rows.values[at] = values[row] ?? 0
  }
}

/** Rows of a cell that are so few that moving them one by one is the quickest way. */
const few = 64

function sortCells(rows: PlacedRows): void {
  const { cells } = rows
  for (let from = 0; from < cells.length; ) {
    let to = from + 1
    while (to < cells.length && cells[to] === cells[from]) to++
    if (to - from > few) sortMany(rows, from, to)
    else sortFew(rows, from, to)
    from = to
  }
}

function sortFew({ offsetsNs, values }: PlacedRows, from: number, to: number): void {
  for (let at = from + 1; at < to; at++) {
    const [time, value] = [offsetsNs[at] ?? 0, values[at] ?? 0]
    let place = at
    for (; place > from && (offsetsNs[place - 1] ?? 0) > time; place--) {
      offsetsNs[place] = offsetsNs[place - 1] ?? 0
      values[place] = values[place - 1] ?? 0
    }
    offsetsNs[place] = time
    values[place] = value
  }
}

function sortMany({ offsetsNs, values }: PlacedRows, from: number, to: number): void {
  const own = values.slice(from, to)
  const timeOf = (at: number) => offsetsNs[from + at] ?? 0
  const order = Array.from(own, (_, at) => at).sort((a, b) => timeOf(a) - timeOf(b))
  for (const [place, at] of order.entries()) values[from + place] = own[at] ?? 0
}
