import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ColumnSlots } from '../column-rows.ts'
import { DayCells, SeriesSums } from './series-sums.ts'

const [startNs, widthNs, buckets] = [100, 60, 8]
const ids = [3, 5, 900_000]

const rows = fc.uniqueArray(
  fc.record({
    column: fc.integer({ min: 0, max: ids.length - 1 }),
    time: fc.integer({ min: startNs, max: startNs + widthNs * buckets - 1 }),
    value: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0)),
  }),
  { selector: ({ column, time }) => `${column} ${time}`, maxLength: 200 },
)

const arrival = fc.record({
  perPiece: fc.integer({ min: 1, max: 50 }),
  // How much later than its time a row comes, for each in turn.
  delays: fc.array(fc.constantFrom(0, 0, 0, 0, 25, 90, 400), { minLength: 1, maxLength: 20 }),
})

interface Row {
  readonly column: number
  readonly time: number
  readonly value: number
}

/** As the evaluator adds one value after the other, oldest first. */
function figuresOf(own: readonly Row[]): readonly number[] {
  let [sum, low, high] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { value } of own.toSorted((a, b) => a.time - b.time)) {
    sum += value
    if (value < low) low = value
    if (value > high) high = value
  }
  return [own.length, sum, low, high]
}

test('figures of each bucket are those of its values in the order of time, in whatever order they came', () => {
  fc.assert(
    fc.property(rows, arrival, (given, { perPiece, delays }) => {
      const cameAt = new Map(
        given.map((row, at) => [row, row.time + (delays[at % delays.length] ?? 0)]),
      )
      const arrived = given.toSorted((a, b) => (cameAt.get(a) ?? 0) - (cameAt.get(b) ?? 0))
      const sums = new SeriesSums(ids.length * buckets, true)
      const firstCells = Int32Array.from(ids, (_, slot) => slot * buckets)
      const cells = new DayCells(sums, {
        slots: new ColumnSlots(ids),
        firstCells,
        startNs,
        widthNs,
      })
      for (let at = 0; at < arrived.length; at += perPiece) {
        const piece = arrived.slice(at, at + perPiece)
        cells.add({
          columns: Int32Array.from(piece, ({ column }) => ids[column] ?? -1),
          offsetsNs: Float64Array.from(piece, ({ time }) => time),
          values: Float64Array.from(piece, ({ value }) => value),
        })
      }
      cells.end()
      for (const slot of ids.keys()) {
        const own = given.filter(({ column }) => column === slot)
        const found = sums.sumsOf(slot * buckets, buckets)
        expect(found === undefined).toBe(own.length === 0)
        if (found === undefined) continue
        for (let bucket = 0; bucket < buckets; bucket++) {
          const inside = own.filter(({ time }) => Math.floor((time - startNs) / widthNs) === bucket)
          const { counts, sums, lows, highs } = found
          const figures = [counts[bucket], sums[bucket], lows[bucket], highs[bucket]]
          expect(figures).toEqual(figuresOf(inside))
        }
      }
    }),
  )
})
