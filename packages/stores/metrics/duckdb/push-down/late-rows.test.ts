import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CellBlock, lateRows } from './late-rows.ts'

const cells = 5

const row = fc.record({
  // Most of one: more than are moved one by one.
  cell: fc.oneof({ weight: 4, arbitrary: fc.constant(2) }, fc.nat({ max: cells - 1 })),
  time: fc.nat({ max: 10_000 }),
  value: fc.double({ noNaN: true }),
})

type Row = typeof row extends fc.Arbitrary<infer Value> ? Value : never

const blockOf = (rows: readonly Row[]): CellBlock => ({
  // Blocks have room that holds no rows.
  columns: Int32Array.from([...rows.map(({ cell }) => cell), 2]),
  offsetsNs: Float64Array.from([...rows.map(({ time }) => time), -1]),
  values: Float64Array.from([...rows.map(({ value }) => value), -1]),
  count: rows.length,
})

test('all rows of the late cells come, cell by cell and oldest first', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(row, { selector: ({ time }) => time, maxLength: 300, size: 'max' }),
      fc.nat({ max: 300 }),
      fc.uint8Array({ min: 0, max: 1, minLength: cells, maxLength: cells }),
      (rows, cut, isLate) => {
        const blocks = [blockOf(rows.slice(0, cut)), blockOf(rows.slice(cut))]
        const expected = rows
          .filter(({ cell }) => isLate[cell] === 1)
          .sort((a, b) => a.cell - b.cell || a.time - b.time)
        const found = lateRows(blocks, isLate)
        expect([...found.cells]).toEqual(expected.map(({ cell }) => cell))
        expect([...found.values]).toEqual(expected.map(({ value }) => value))
      },
    ),
  )
})
