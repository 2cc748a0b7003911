import { randomBytes } from 'node:crypto'
import type { SearchAnswer } from '@warren/searchdsl/answer'
import { createCollector } from '@warren/searchdsl/evaluate/collector'
import { compileMatcher } from '@warren/searchdsl/evaluate/match/matcher'
import { PlainRecordView } from '@warren/searchdsl/evaluate/record-view'
import { parseSearch } from '@warren/searchdsl/parse/search'
import { scopeSearch } from '@warren/searchdsl/scope'
import { searchQueries } from '@warren/searchdsl/search-queries.testing'
import { searchTable } from '@warren/searchdsl/testing'
import type { SearchRequest } from '@warren/searchdsl/tree'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { searchAggregations } from './agreement/search-aggregations.testing.ts'
import { searchPipelines } from './agreement/search-pipelines.testing.ts'
import type { LogStoreHarness } from './log-store.contract.ts'
import type { LogStore } from './log-store.ts'
import { idOf, searchOf, type TestRecord, toBatch } from './testing.ts'

const tenant = `t${randomBytes(8).toString('hex')}`
const nowMs = Date.parse('2026-03-04T12:00:00Z')

function lucene(query: string) {
  return { query_string: { query, analyze_wildcard: true } }
}

const sorts: readonly (readonly [string, readonly object[]])[] = [
  ['time, newest first', [{ '@timestamp': { order: 'desc' } }]],
  ['time and position', [{ '@timestamp': { order: 'asc' } }, { _doc: { order: 'asc' } }]],
  [
    'a keyword, then time',
    [{ 'host.name': { order: 'asc' } }, { '@timestamp': { order: 'desc' } }],
  ],
  [
    'a number, then time',
    [{ 'log.offset': { order: 'desc' } }, { '@timestamp': { order: 'asc' } }],
  ],
]

const time = '@timestamp'
const since = (date: string) => ({ range: { [time]: { gte: date } } })
const until = (date: string) => ({ range: { [time]: { lte: date } } })

/** Dates as they may be written, with what each finds. */
const dates: readonly (readonly [object, number])[] = [
  [since('2026-03-05T10'), 15],
  [since('2026-03-05T10:30'), 14],
  [since('2026-03-05T10:30Z'), 14],
  [until('2026-03-05T10'), 30],
  [{ range: { [time]: { gte: '2026-03-05T10', time_zone: '+02:00' } } }, 17],
  [{ range: { [time]: { gte: '2026-03-05T10||/d', lt: '2026-03-05T10||+1h' } } }, 11],
  [until('2026-03'), 0],
  [until('2026-03||/M'), 44],
  [until('2026'), 0],
  [until('2026-03-04||+1d'), 19],
  [{ range: { [time]: { gt: '2026-03-04T08:00:00.000Z' } } }, 40],
  [{ range: { [time]: { lt: '2026-03-04T08:00:00.000Z' } } }, 3],
  [until('2026-03-04T08:00:00.000Z'), 4],
  [since('2026-03-04T08:00:00.000000001Z'), 40],
  [{ range: { [time]: { lt: '2026-03-04T08:00:00.000000001Z' } } }, 4],
  [lucene('@timestamp:>=2026-03-05T10'), 15],
  [lucene('@timestamp:[2026-03-05T10\\:30 TO *]'), 14],
  [lucene('@timestamp:2026'), 0],
  [lucene('@timestamp:"2026-03-05T10"'), 1],
  [{ term: { [time]: '2026-03-05T10:00' } }, 1],
  [{ match: { [time]: '2026-03-05T10' } }, 1],
  [{ terms: { [time]: ['2026-03-05T10', '2026-03-05T11', '2026-03-06'] } }, 3],
]

const views = searchTable.records.map(
  (record, order) =>
    new PlainRecordView(
      { id: record.id, index: '', order },
      Object.fromEntries(
        Object.entries({ ...record, 'warren.tenant': tenant }).filter(([, v]) => v !== undefined),
      ) as ConstructorParameters<typeof PlainRecordView>[1],
    ),
)

const aggregations = [...searchAggregations, ...searchPipelines]

/** With the order of keys; numbers to twelve digits, for sums are added in another order. */
const toText = (answer: unknown): string =>
  JSON.stringify(
    answer,
    (key, one) => {
      // How far a count may be off when several shards each name their largest only; ours are exact.
      if (key === 'doc_count_error_upper_bound') return 0
      return typeof one === 'number' ? Number(one.toPrecision(12)) : one
    },
    1,
  )

/** What a search means, by the evaluator alone. */
function meaning(request: SearchRequest): SearchAnswer {
  const matches = compileMatcher(request.query, nowMs)
  const collector = createCollector(request, nowMs)
  for (const view of views) if (matches(view)) collector.add(view)
  return collector.answer()
}

/** A search means the same on every store: one table, one evaluator, the same answers. */
export function logSearchContract(
  name: string,
  start: () => Promise<LogStoreHarness>,
  /** Aggregations that the store under test does not have; what Warren would send it is tested in searchdsl. */
  lacking: readonly string[] = [],
) {
  describe(`${name} searches as every log store`, () => {
    let harness: LogStoreHarness
    let store: LogStore
    beforeAll(async () => {
      harness = await start()
      store = await harness.open()
      const records = searchTable.records as readonly TestRecord[]
      expect(await store.write(toBatch(tenant, records))).toEqual({ refused: [] })
      await harness.refresh()
    })
    afterAll(async () => {
      await store.close()
      await harness.stop()
    })

    const ask = (body: object) => {
      const request = parseSearch({ query: lucene('*'), ...body })
      return { request, answer: searchOf(store, { tenant, request }) }
    }

    it.each(searchTable.cases)('finds $query', async ({ query, ids }) => {
      const { answer } = ask({ query: lucene(query), size: 1000 })
      const { hits } = await answer
      expect(hits.hits.map((hit) => hit._id).toSorted()).toEqual([...ids].toSorted())
      expect(hits.total).toEqual({ value: ids.length, relation: 'eq' })
    })

    it.each(searchQueries)('finds $title', async ({ query, ids }) => {
      const { hits } = (await ask({ query, size: 1000 }).answer).hits
      expect(hits.map((hit) => hit._id).toSorted()).toEqual([...ids].toSorted())
    })

    it('finds attributes only where a record has one at least', async () => {
      const other = `${tenant}a`
      const of = (id: string, attributes?: Record<string, string>): TestRecord => ({
        id: idOf(id),
        message: id,
        '@timestamp': '2026-03-04T05:00:00Z',
        ...(attributes === undefined ? {} : { attributes }),
      })
      await store.write(toBatch(other, [of('none'), of('empty', {}), of('blank', { a: '' })]))
      await harness.refresh()
      const messagesOf = async (query: string) => {
        const request = parseSearch({ query: lucene(query), sort: ['_doc'] })
        const { hits } = (await searchOf(store, { tenant: other, request })).hits
        return hits.map(({ _source }) => _source?.['message']).toSorted()
      }
      expect(await messagesOf('_exists_:attributes')).toEqual(['blank'])
      expect(await messagesOf('NOT _exists_:attributes')).toEqual(['empty', 'none'])
    })

    it.each(
      aggregations.filter(
        ([, aggs]) => !lacking.some((type) => JSON.stringify(aggs).includes(`"${type}":`)),
      ),
    )('aggregates %s', async (_, aggs) => {
      for (const query of ['*', 'log.level:error', 'connection']) {
        const { request, answer } = ask({ query: lucene(query), size: 0, aggs })
        const expected = meaning(request)
        if ('error' in expected) throw new Error(expected.error.reason)
        expect(toText((await answer).aggregations)).toBe(toText(expected.aggregations))
      }
    })

    it.each(sorts)('sorts by %s, page by page', async (_, sort) => {
      const seen: string[] = []
      let after: object = {}
      for (;;) {
        const { answer } = ask({ size: 7, sort, ...after })
        const { hits } = (await answer).hits
        seen.push(...hits.map((hit) => hit._id))
        const last = hits.at(-1)
        if (last === undefined) break
        after = { search_after: last.sort }
      }
      const expected = meaning(parseSearch({ query: lucene('*'), size: 1000, sort }))
      expect(seen).toEqual(
        'error' in expected ? expected : expected.hits.hits.map((hit) => hit._id),
      )
    })

    it.each([0, 1, 3, 8, false, true])(
      'counts up to %s, and lists the same hits',
      async (limit) => {
        for (const order of ['desc', 'asc'])
          for (const [query, size] of [
            ['connection', 2],
            ['message:c* OR message:t*', 3],
            ['message:c* OR message:t*', 0],
          ] as const) {
            const sort = [{ '@timestamp': { order } }, { _doc: { order } }]
            const body = { query: lucene(query), size, sort, track_total_hits: limit }
            const { request, answer } = ask(body)
            const expected = meaning(request)
            if ('error' in expected) throw new Error(expected.error.reason)
            const { hits } = await answer
            expect(hits.total).toEqual(expected.hits.total)
            expect(hits.hits.map((hit) => hit._id)).toEqual(
              expected.hits.hits.map((hit) => hit._id),
            )
          }
      },
    )

    it.each(dates)('reads the dates of %j', async (query, count) => {
      const { request, answer } = ask({ query, size: 0, track_total_hits: true })
      const expected = meaning(request)
      expect('error' in expected ? expected : expected.hits.total?.value).toBe(count)
      expect((await answer).hits.total?.value).toBe(count)
    })

    it('reads the dates of a histogram', async () => {
      const date_histogram = {
        ...{ field: 'observed_timestamp', fixed_interval: '1d', missing: '2026-03-02T10:00' },
        extended_bounds: { min: '2026-03-01T10', max: '2026-03-03T10:30Z' },
      }
      const missing = {
        terms: { field: 'observed_timestamp', missing: '2026-03-02T10:00', size: 3 },
      }
      const { request, answer } = ask({ size: 0, aggs: { 1: { date_histogram }, 2: missing } })
      const expected = meaning(request)
      if ('error' in expected) throw new Error(expected.error.reason)
      expect(toText((await answer).aggregations)).toBe(toText(expected.aggregations))
    })

    it('answers what a logs panel asks', async () => {
      const { request, answer } = ask({
        query: lucene('connection OR log.level:(error OR warn)'),
        size: 500,
        sort: [
          { '@timestamp': { order: 'desc', unmapped_type: 'boolean' } },
          { _doc: { order: 'desc' } },
        ],
        fields: [{ field: '@timestamp', format: 'strict_date_optional_time_nanos' }],
        docvalue_fields: ['@timestamp'],
        highlight: {
          fields: { '*': {} },
          pre_tags: ['@HIGHLIGHT@'],
          post_tags: ['@/HIGHLIGHT@'],
          fragment_size: 2147483647,
        },
      })
      const expected = meaning(request)
      if ('error' in expected) throw new Error(expected.error.reason)
      const { hits } = (await answer).hits
      const parts = (list: typeof hits) =>
        list.map(({ _id, fields, highlight, _source }) => ({ _id, fields, highlight, _source }))
      expect(parts(hits)).toEqual(parts(expected.hits.hits))
      const streams = await store.streams(tenant)
      for (const { _index } of hits) expect(streams).toContain(_index)
    })

    it.each<[string, object, object]>([
      [
        'words in a range',
        lucene('message:{lock TO released]'),
        { message: ['deadlock detected; lock <released>'] },
      ],
      ['a keyword in a range', lucene('host.name:>srv-2'), { 'host.name': ['<srv-3>'] }],
      [
        'a word in any case',
        { term: { message: { value: 'RELEASED', case_insensitive: true } } },
        { message: ['deadlock detected; lock <released>'] },
      ],
    ])('marks %s', async (_, query, marks) => {
      const highlight = { fields: { '*': {} }, pre_tags: ['<'], post_tags: ['>'] }
      const { hits } = (await ask({ query, highlight, size: 500 }).answer).hits
      expect(hits.map((hit) => hit.highlight)).toContainEqual(marks)
      for (const hit of hits) expect(hit.highlight).toBeDefined()
    })

    it('marks what was searched for, and nothing of the scope', async () => {
      const highlight = { fields: { '*': {} }, pre_tags: ['<'], post_tags: ['>'] }
      const request = parseSearch({ query: lucene('connection'), highlight, size: 500 })
      const { hits } = (
        await searchOf(store, { tenant, request: scopeSearch(request, { tenant }) })
      ).hits
      expect(hits.length).toBeGreaterThan(0)
      for (const hit of hits) expect(Object.keys(hit.highlight ?? {})).toEqual(['message'])
    })
  })
}
