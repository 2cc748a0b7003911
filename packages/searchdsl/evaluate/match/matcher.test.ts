import { expect, test } from 'vitest'
import { parseSearch } from '../../parse/search.ts'
import { searchQueries } from '../../search-queries.testing.ts'
import { searchRecords } from '../../search-records.testing.ts'
import { PlainRecordView } from '../record-view.ts'
import { compileMatcher } from './matcher.ts'

const views = searchRecords.map(
  (record, order) => new PlainRecordView({ id: record.id, index: 'logs', order }, record),
)

test.each(searchQueries)('$title', ({ query, ids }) => {
  const matches = compileMatcher(parseSearch({ query }).query, 0)
  expect(views.filter(matches).map(({ id }) => id)).toEqual(ids)
})
