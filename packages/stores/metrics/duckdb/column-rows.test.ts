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

const options = fc.record({
  perPiece: fc.integer({ min: 1, max: 50 }),
  isLate: fc.boolean(),
  ids: fc.constantFrom([0, 1, 2, 3], [7, 8, 900_000, 2_000_000]),
})

test('rows of each column come out oldest first, whatever order they came in', () => {
  fc.assert(
    fc.property(rows, options, (given, { perPiece, isLate, ids }) => {
      const arrived = isLate
        ? given
        : given.toSorted((a, b) => a.time + (a.value > 0 ? 40 : 0) - b.time)
      const collector = new NumberCollector(Float64Array, ids)
      for (let at = 0; at < arrived.length; at += perPiece) {
        const piece = arrived.slice(at, at + perPiece)
        collector.add({
          columns: Int32Array.from(piece, ({ column }) => ids[column] ?? -1),
          offsetsNs: Float64Array.from(piece, ({ time }) => time),
          values: Float64Array.from(piece, ({ value }) => value),
        })
      }
      const found = collector.columns()
      for (const [column, id] of ids.entries()) {
        const own = given.filter((row) => row.column === column).sort((a, b) => a.time - b.time)
        expect([...(found.get(id)?.offsetsNs ?? [])]).toEqual(own.map(({ time }) => time))
        expect([...(found.get(id)?.values ?? [])]).toEqual(own.map(({ value }) => value))
      }
    }),
  )
})
