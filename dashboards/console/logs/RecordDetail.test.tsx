import { expect, it } from 'vitest'
import { markupOf } from '../testing.tsx'
import { RecordDetail } from './RecordDetail.tsx'

const detailOf = (source: Record<string, unknown>): string =>
  markupOf(<RecordDetail source={source} onFilter={() => undefined} />)

it('says of a stored time, and of nothing else, that it is as stored', () => {
  expect(detailOf({ '@timestamp': '2026-11-29T19:36:05.000Z' })).toContain('as stored, in UTC')
  expect(detailOf({ message: 'at 2026-11-29T19:36:05.000Z', n: 1 })).not.toContain('as stored')
})
