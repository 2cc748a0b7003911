import { expect, it } from 'vitest'
import { rowsText } from './rows-text.ts'

const frame = { startMs: 1_700_000_000_000, stepMs: 30_000 }
const series = {
  name: 'cpu',
  columns: ['time', 'a', 'b'],
  rank: '',
  data: [
    Float64Array.from({ length: 300 }, (_, at) => (at % 7 === 0 ? Number.NaN : at / 7)),
    Float64Array.from({ length: 300 }, (_, at) => -at * 1e19),
  ],
}
const shown = { empties: [null, null], isNone: false }

it.each([
  [0, 300],
  [20, 36],
  [21, 37],
  [0, 15],
  [5, 5],
])('prints many rows, %d to %d, as it prints each by itself', (from, to) => {
  const rows = Array.from({ length: to - from }, (_, at) =>
    rowsText(series, frame, { from: from + at, to: from + at + 1, shown }),
  )
  const { text, starts } = rowsText(series, frame, { from, to, shown })
  expect(text).toBe(rows.map((row) => row.text).join(''))
  const ends = rows.map((_, at) =>
    rows.slice(0, at + 1).reduce((sum, row) => sum + row.text.length, 0),
  )
  expect([...starts]).toEqual([0, ...ends])
})

it('shows what stands for empty buckets, or leaves their rows out', () => {
  const asked = { from: 0, to: 40 }
  const zeros = rowsText(series, frame, { ...asked, shown: { ...shown, empties: [0, 0] } })
  expect(zeros.text).toContain(',[1700000210000,0,-70000000000000000000]')
  const empty = { ...series, data: [new Float64Array(40).fill(Number.NaN)] }
  const none = rowsText(empty, frame, { ...asked, shown: { empties: [null], isNone: true } })
  expect(none.text).toBe('')
  const all = rowsText(empty, frame, { ...asked, shown: { empties: [null], isNone: false } })
  expect(all.text).toBe(
    Array.from({ length: 40 }, (_, at) => `,[${frame.startMs + at * frame.stepMs},null]`).join(''),
  )
})
