import { expect, it } from 'vitest'
import { columnsThatMayMatch } from './columns-by-tag.ts'
import type { StoredColumn } from './day-reader.ts'
import { parseSeriesKey } from './series-key.ts'

const columnsOf = (count: number): readonly StoredColumn[] =>
  Array.from({ length: count }, (_, id) => ({
    id,
    seriesKey: `load,${id % 2 === 0 ? '' : `disk=d${id % 5},`}host=h${id % 10}`,
    field: 'usage',
    kind: 0,
  }))

const tagsOf = (key: string) => parseSeriesKey(key).tags
const idsOf = (columns: readonly StoredColumn[], equals: Record<string, string>) =>
  columnsThatMayMatch(columns, { equals: new Map(Object.entries(equals)), tagsOf }).map(
    ({ id }) => id,
  )

it('finds those of a value, in their order, and none of a value or tag that there is not', () => {
  const columns = columnsOf(100)
  expect(idsOf(columns, { host: 'h3' })).toEqual([3, 13, 23, 33, 43, 53, 63, 73, 83, 93])
  expect(idsOf(columns, { host: 'h99' })).toEqual([])
  expect(idsOf(columns, { region: 'eu' })).toEqual([])
  expect(idsOf(columns, {})).toHaveLength(100)
})

it('takes the tag that has fewest, whatever the others say: they are looked at', () => {
  const columns = columnsOf(100)
  expect(idsOf(columns, { host: 'h3', disk: 'd1' })).toEqual(idsOf(columns, { host: 'h3' }))
  expect(idsOf(columns, { disk: 'd1', host: 'h99' })).toEqual([])
})

it('looks at all where more tags are asked for than it keeps', () => {
  const columns = columnsOf(100)
  for (const tag of ['a', 'b', 'c', 'd']) expect(idsOf(columns, { [tag]: 'x' })).toEqual([])
  expect(idsOf(columns, { host: 'h3' })).toHaveLength(100)
  expect(idsOf(columns, { d: 'x', host: 'h3' })).toEqual([])
})
