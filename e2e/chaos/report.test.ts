import { expect, test } from 'vitest'
import { holds, type Row, toLastLine, totalsOf } from './report.ts'

const good: Row = {
  ...{ fault: 'none', items: 100, lost: 0, duplicated: 0, recoveredMs: 5, counters: 'equal' },
  trouble: undefined,
}

test('holds when every row does', () => {
  expect(holds([good, { ...good, counters: 'at least' }, { ...good, counters: '-' }])).toBe(true)
})

test.each([
  ['a lost item', { lost: 1 }],
  ['a duplicated item', { duplicated: 1 }],
  ['a recovery that did not come', { recoveredMs: undefined }],
  ['counters that differ', { counters: 'metrics: 99 for 100' }],
  ['a fault that could not be tried', { trouble: 'no broker runs' }],
])('%s is a failure', (_, bad) => {
  expect(holds([good, { ...good, ...bad }])).toBe(false)
})

test('nothing tried is a failure', () => {
  expect(holds([])).toBe(false)
})

test('the last line adds up', () => {
  const rows = [good, { ...good, lost: 2, duplicated: 3 }]
  expect(toLastLine(totalsOf(rows))).toBe('items=200 lost=2 duplicated=3 faults=2')
})
