import { expect, test } from 'vitest'
import { inRanges, type RowRange, rowsOfParts } from './rows-of-parts.ts'

const [rare, common, other] = [1, 2, 3]
const segment = (number: number, ...found: number[]) => ({
  ...{ first: number * 100, past: number * 100 + 100 },
  ...{ oldestMs: number * 1000, newestMs: number * 1000 + 1500 },
  common: new Set(found),
})
const segments = [segment(0), segment(1), segment(2, common), segment(3, rare, common), segment(4)]
const all = { minMs: Number.NEGATIVE_INFINITY, maxMs: Number.POSITIVE_INFINITY }
const rest: RowRange = { first: 500, past: Number.POSITIVE_INFINITY }
const parts = (words: { deciding?: number[]; required: number[] }, range = all) =>
  rowsOfParts(segments, { words: { deciding: undefined, ...words }, range })

test('every row is in one part, and what follows the segments is read whole', () => {
  expect(parts({ deciding: [rare, common], required: [rare] })).toEqual({
    decided: [
      { first: 0, past: 200 },
      { first: 400, past: 500 },
    ],
    byWord: new Map([[rare, [{ first: 200, past: 300 }]]]),
    scanned: [{ first: 300, past: 400 }, rest],
  })
})

test('each segment is narrowed down by the first of the words that it has indexed', () => {
  const { decided, byWord, scanned } = parts({ required: [common, rare, other] })
  expect([decided, scanned]).toEqual([[], [rest]])
  expect([...byWord]).toEqual([
    [
      common,
      [
        { first: 0, past: 200 },
        { first: 400, past: 500 },
      ],
    ],
    [rare, [{ first: 200, past: 300 }]],
    [other, [{ first: 300, past: 400 }]],
  ])
})

test('segments of other times are left out, the rows after them never', () => {
  const { decided, scanned } = parts(
    { deciding: [other], required: [] },
    { minMs: 2600, maxMs: 3000 },
  )
  expect(decided).toEqual([{ first: 200, past: 400 }])
  expect(scanned).toEqual([rest])
})

test('without a segment all is read', () => {
  const { scanned } = rowsOfParts([], { words: { deciding: [rare], required: [rare] }, range: all })
  expect(inRanges(scanned, 'rowid')).toBe('(rowid >= 0)')
  expect(inRanges([{ first: 3, past: 5 }, rest], 'rowid')).toBe(
    '(rowid >= 3 AND ((rowid >= 3 AND rowid < 5) OR (rowid >= 500)))',
  )
})
