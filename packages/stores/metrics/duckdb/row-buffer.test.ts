import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IntegerRows, NumberRows } from './row-buffer.ts'

const rows = fc.array(
  fc.record({
    field: fc.integer({ min: 0, max: 5 }),
    series: fc.integer({ min: 0, max: 50 }),
    offsetNs: fc.integer({ min: 0, max: 86_399_999_999_999 }),
    value: fc.integer(),
  }),
  // Beyond the room that there is at first.
  { size: 'max', maxLength: 6000 },
)

test('rows come out field by field, those of each as they came, also when it is used again', () => {
  const [numbers, integers] = [new NumberRows(), new IntegerRows()]
  fc.assert(
    fc.property(rows, (given) => {
      const expected = given.toSorted((a, b) => a.field - b.field)
      for (const buffer of [numbers, integers]) {
        buffer.reset()
        for (const { field, series, offsetNs, value } of given)
          buffer.push({ id: series * 6 + field, field: { id: field } }, offsetNs, value)
        for (const asked of ['once', 'again']) {
          const { columns, rowCount } = buffer.rows()
          expect(rowCount, asked).toBe(given.length)
          const [ids, times, values] = columns.map((column) =>
            Array.from((column as Float64Array).subarray(0, rowCount), Number),
          )
          expect(ids).toEqual(expected.map(({ field, series }) => series * 6 + field))
          expect(times).toEqual(expected.map(({ offsetNs }) => offsetNs))
          expect(values).toEqual(expected.map(({ value }) => value))
        }
      }
    }),
    { numRuns: 5 },
  )
})
