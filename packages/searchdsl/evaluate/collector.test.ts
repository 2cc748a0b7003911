import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { limits } from '../limits.ts'
import { parseSearch } from '../parse/search.ts'
import { searchRecords } from '../search-records.testing.ts'
import { createCollector } from './collector.ts'
import { compileMatcher } from './match/matcher.ts'
import { PlainRecordView } from './record-view.ts'

const nowMs = Date.UTC(2026, 2, 6)

interface Golden {
  readonly name: string
  readonly search: unknown
  readonly answer: unknown
}

const views = searchRecords.map(
  (record, order) =>
    new PlainRecordView(
      { id: record.id, index: 'logs', order },
      { 'warren.tenant': 'acme', ...record },
    ),
)

function answerTo(search: unknown): unknown {
  const request = parseSearch(search)
  const matches = compileMatcher(request.query, nowMs)
  const collector = createCollector(request, nowMs)
  for (const view of views) if (matches(view)) collector.add(view)
  return JSON.parse(JSON.stringify(collector.answer()))
}

/** Numbers to twelve digits: sums are added in another order. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one) =>
      typeof one === 'number' ? Number(one.toPrecision(12)) : one,
    ),
  )
}

describe("Elasticsearch 8.19's own answers over the same records", () => {
  const golden: readonly Golden[] = JSON.parse(
    readFileSync(join(import.meta.dirname, 'elasticsearch-8.19.golden.json'), 'utf8'),
  )
  test.each(golden)('$name', ({ search, answer }) => {
    expect(rounded(answerTo(search))).toMatchObject(rounded(answer) as object)
  })
})

describe('bounds', () => {
  const histogram = (fixed_interval: string) => ({
    size: 0,
    aggs: { a: { date_histogram: { field: '@timestamp', fixed_interval } } },
  })

  test('too many buckets is an answer in the shape of Elasticsearch', () => {
    expect(answerTo(histogram('1s'))).toMatchObject({
      error: { type: 'too_many_buckets_exception', root_cause: [{}] },
      status: 400,
    })
    expect(answerTo(histogram('1h'))).toMatchObject({ status: 200 })
  })

  test('a page of hits does not grow with the matches', () => {
    const collector = createCollector(
      parseSearch({ size: 2, sort: [{ 'log.offset': 'desc' }], track_total_hits: true }),
      nowMs,
    )
    for (let row = 0; row < 5000; row++)
      collector.add(
        new PlainRecordView(
          { id: `${row}`, index: 'x', order: row },
          { 'log.offset': (row * 7) % 5000 },
        ),
      )
    expect(collector.answer()).toMatchObject({
      hits: { total: { value: 5000 }, hits: [{ sort: [4999] }, { sort: [4998] }] },
    })
    expect(limits.resultWindow).toBe(10_000)
  })
})

describe('nanoseconds', () => {
  const view = (time: string) =>
    new PlainRecordView({ id: time, index: 'x', order: 0 }, { '@timestamp': time })
  const early = view('2026-03-04T05:00:00.123456789Z')

  test.each<[object, boolean]>([
    [{ lte: '2026-03-04T05:00:00.123Z' }, false],
    [{ lte: 1772600400123, format: 'epoch_millis' }, true],
    [{ gt: 1772600400123 }, false],
    [{ gt: '2026-03-04T05:00:00.123Z' }, true],
    [{ gt: '2026-03-04T05:00:00.123Z', lt: '2026-03-04T05:00:00.123999Z' }, true],
    [{ lte: '2026-03-04T05:00:00' }, true],
    [{ gte: 'now-2d/d', lt: 'now/d' }, true],
  ])('%j', (bounds, found) => {
    const { query } = parseSearch({ query: { range: { '@timestamp': bounds } } })
    expect(compileMatcher(query, nowMs)(early)).toBe(found)
  })

  test('order hits, print and page', () => {
    const late = view('2026-03-04T05:00:00.1234568Z')
    const page = (searchAfter?: readonly unknown[]) => {
      const collector = createCollector(
        parseSearch({
          sort: [{ '@timestamp': 'asc' }],
          ...(searchAfter && { search_after: searchAfter }),
        }),
        nowMs,
      )
      for (const one of [late, early]) collector.add(one)
      const answer = collector.answer()
      return 'hits' in answer ? answer.hits.hits.map(({ sort }) => sort) : []
    }
    expect(page()).toEqual([['2026-03-04T05:00:00.123456789Z'], ['2026-03-04T05:00:00.1234568Z']])
    expect(page(page()[0])).toEqual([['2026-03-04T05:00:00.1234568Z']])
  })
})
