import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NumberCollector } from './column-rows.ts'

const rows = fc.uniqueArray(
  fc.record({
    column: fc.integer({ min: 0, max: 3 }),
    // Mostly in order: some come earlier or later than their time.
    time: fc.integer({ min: 0, max: 500 }),
    value: fc.double({ noNaN: true }),
  }),
  { selector: ({ column, time }) => `${column} ${time}`, maxLength: 200 },
)

test('rows of each column come out oldest first, whatever order they came in', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 50 }), fc.boolean(), (given, perPiece, isLate) => {
      const arrived = isLate
        ? given
        : given.toSorted((a, b) => a.time + (a.value > 0 ? 40 : 0) - b.time)
      const collector = new NumberCollector(Float64Array)
      for (let at = 0; at < arrived.length; at += perPiece) {
        const piece = arrived.slice(at, at + perPiece)
        collector.add({
          columns: Int32Array.from(piece, ({ column }) => column),
          offsetsNs: Float64Array.from(piece, ({ time }) => time),
          values: Float64Array.from(piece, ({ value }) => value),
        })
      }
      const found = collector.columns()
      for (const column of [0, 1, 2, 3]) {
        const own = given.filter((row) => row.column === column).sort((a, b) => a.time - b.time)
        expect([...(found.get(column)?.offsetsNs ?? [])]).toEqual(own.map(({ time }) => time))
        expect([...(found.get(column)?.values ?? [])]).toEqual(own.map(({ value }) => value))
      }
    }),
  )
})
