import fc from 'fast-check'
import { canary, reader, stranger } from './data.ts'
import { elsewhere, hostileSearch } from './hostile-searches.ts'
import { type Question, elasticsearchPath as root } from './question.ts'
import { ago, startMs } from './times.ts'

type Json = Readonly<Record<string, unknown>>
const one = fc.constantFrom

const keywords = one('host.name', 'log.level', 'service.name', 'event.dataset', 'deployment')
const minute = 60_000

const pastRange = fc
  .tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 5, max: 90 }))
  .map(([from, length]): Json => {
    const [gte, lte] = [startMs + from * minute, startMs + (from + length) * minute]
    return { range: { '@timestamp': { gte, lte, format: 'epoch_millis' } } }
  })

/** As Grafana asks, and with an end near now by the clock of another. */
const liveRange = fc.oneof(
  fc.tuple(one(15, 60, 180), one(0, 0, 3000, 9000)).map(([length, late]): Json => {
    const [gte, lte] = [ago(length * minute + late), ago(late)]
    return { range: { '@timestamp': { gte, lte, format: 'epoch_millis' } } }
  }),
  one('now-15m', 'now-1h').map((gte): Json => ({ range: { '@timestamp': { gte, lte: 'now' } } })),
)
const timeRange = fc.oneof({ weight: 3, arbitrary: pastRange }, { weight: 1, arbitrary: liveRange })

const word = one('failed', 'request', 'well', 'took', 'index.html', 'ms', '7', 'requ*')
const lucene = fc.oneof(
  { weight: 3, arbitrary: word },
  {
    weight: 1,
    arbitrary: one(
      '*',
      'message:failed',
      '"and failed"',
      'log.level:error',
      'log.level:(error OR warn)',
      'severity_number:>=13',
      'host.name:a',
      'attributes.path:"/p1"',
      '_exists_:log.level',
      'message:/fail.*/',
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(word, one(' AND ', ' OR ', ' AND NOT ', ' '), word)
      .map((parts) => parts.join('')),
  },
)

const clause: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 4,
    arbitrary: lucene.map((query): Json => ({ query_string: { analyze_wildcard: true, query } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(keywords, one('a', 'error', 'shop', 'nginx', 'service 1'))
      .map(([field, value]): Json => ({ term: { [field]: value } })),
  },
  { weight: 1, arbitrary: keywords.map((field): Json => ({ exists: { field } })) },
  { weight: 1, arbitrary: word.map((text): Json => ({ match_phrase: { message: text } })) },
  {
    weight: 1,
    arbitrary: fc.tuple(one('prefix', 'wildcard'), one('re', 's', 'a')).map(
      ([kind, value]): Json => ({
        [kind]: { 'log.level': { value: kind === 'wildcard' ? `${value}*` : value } },
      }),
    ),
  },
)

const query = fc
  .tuple(timeRange, fc.array(clause, { maxLength: 2 }), fc.array(clause, { maxLength: 1 }))
  .map(
    ([range, filters, not]): Json => ({
      bool: {
        filter: filters.length === 0 ? range : [range, ...filters],
        ...(not.length > 0 && filters.length > 1 ? { must_not: not } : {}),
      },
    }),
  )

const metric = one<Json>(
  { avg: { field: 'severity_number' } },
  { max: { field: 'severity_number' } },
  { sum: { field: 'severity_number' } },
  { extended_stats: { field: 'severity_number' } },
  { percentiles: { field: 'severity_number', percents: ['50', '95'] } },
  { cardinality: { field: 'host.name' } },
)
const withMetric = fc
  .option(metric, { nil: undefined })
  .map((each): Json => (each === undefined ? {} : { aggs: { '1': each } }))
const dateHistogram = fc.tuple(one('1m', '5m', '30s', '1h'), withMetric, one(0, 1)).map(
  ([every, below, least]): Json => ({
    date_histogram: {
      ...{
        field: '@timestamp',
        fixed_interval: every,
        min_doc_count: least,
        format: 'epoch_millis',
      },
      ...(least === 0 ? { extended_bounds: { min: startMs, max: startMs + 30 * minute } } : {}),
    },
    ...below,
  }),
)
const bucketed = fc.oneof(
  { weight: 3, arbitrary: dateHistogram },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        keywords,
        one(3, 10, 500),
        one<Json>({ _key: 'desc' }, { _count: 'desc' }, { _key: 'asc' }),
        one(0, 1),
        fc.option(dateHistogram, { nil: undefined }),
      )
      .map(
        ([field, size, order, least, below]): Json => ({
          terms: { field, size, order, min_doc_count: least },
          ...(below === undefined ? {} : { aggs: { '2': below } }),
        }),
      ),
  },
  {
    weight: 1,
    arbitrary: lucene.map(
      (text): Json => ({
        filters: { filters: { [text]: { query_string: { query: text, analyze_wildcard: true } } } },
      }),
    ),
  },
)

const aggregating = fc
  .tuple(query, bucketed)
  .map(([matching, agg]): Json => ({ size: 0, query: matching, aggs: { '3': agg } }))
const shown = fc.oneof(
  {
    weight: 4,
    arbitrary: one<Json>({
      fields: [{ field: '@timestamp', format: 'strict_date_optional_time_nanos' }],
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        one('fields', 'docvalue_fields'),
        fc.array(one('@timestamp', 'host*', 'log.level', 's*', 'deployment', 'unknown', 'w*'), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.boolean(),
      )
      .map(([key, names, hasSource]): Json => ({ [key]: names, _source: hasSource })),
  },
  {
    weight: 1,
    arbitrary: one<Json>({ fields: ['*'] }, { fields: ['*_no', '*ndex', '*'], _source: false }),
  },
)
const listing = fc.tuple(query, one(1, 10, 500), one('asc', 'desc'), fc.boolean(), shown).map(
  ([matching, size, order, highlighted, more]): Json => ({
    size,
    query: matching,
    sort: [{ '@timestamp': { order, unmapped_type: 'boolean' } }, { _doc: { order } }],
    ...more,
    ...(highlighted
      ? {
          highlight: {
            fields: { '*': {} },
            pre_tags: ['@HIGHLIGHT@'],
            post_tags: ['@/HIGHLIGHT@'],
            fragment_size: 2147483647,
          },
        }
      : {}),
  }),
)

const ownIndex = one<unknown>(
  'logs-*',
  '',
  'logs-warren.*',
  '*',
  `logs-warren.nginx-${reader}`,
  ['logs-*'],
  `logs-warren.nginx-${reader},logs-warren.shop-${reader}`,
)
const otherIndex = one<unknown>(
  ...[
    `logs-warren.nginx-${stranger}`,
    `*${stranger}`,
    '.ds-*',
    '_all',
    `logs-warren.${canary}-${stranger}`,
    `<logs-{now/d}>`,
    `*,-*${reader}`,
    'remote:logs-*',
    `.ds-logs-warren.nginx-${stranger}-2026.03.04-000001`,
  ],
  ...[
    '.security',
    'unknown',
    [`logs-*`, `logs-warren.nginx-${stranger}`],
    `logs-warren.${canary}-${reader}`,
  ],
)
const index = fc.oneof({ weight: 12, arbitrary: ownIndex }, { weight: 1, arbitrary: otherIndex })

const pieces = one(
  '"',
  '{',
  '}',
  '\u0000',
  `"warren.tenant":"${stranger}",`,
  ',"query":{"match_all":{}}',
  canary,
  '\\',
  ',',
  ':',
  '[',
  ']',
  '\n',
  '1e400',
  'null',
  `"index":"*",`,
)

/** The text with something put in, or a part left out. */
function mutate(text: string, piece: string, at: number): string {
  const position = at % (text.length + 1)
  return text.slice(0, position) + piece + text.slice(position + (at % 3 === 0 ? at % 12 : 0))
}

const body = fc.oneof({ weight: 5, arbitrary: aggregating }, { weight: 4, arbitrary: listing })
const search = fc.oneof(
  { weight: 16, arbitrary: body.map((each) => JSON.stringify(each)) },
  { weight: 2, arbitrary: hostileSearch.map((each) => JSON.stringify(each)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(body, pieces, fc.nat(10_000))
      .map(([each, piece, at]) => mutate(JSON.stringify(each), piece, at)),
  },
)

const json = { 'content-type': 'application/json' }
const msearch = fc.array(fc.tuple(index, search), { minLength: 1, maxLength: 2 }).map(
  (searches): Question => ({
    method: 'POST',
    path: `${root}/_msearch?max_concurrent_shard_requests=5`,
    headers: { 'content-type': 'application/x-ndjson' },
    body: searches
      .map(
        ([target, text]) =>
          `${JSON.stringify({ ignore_unavailable: true, index: target, search_type: 'query_then_fetch' })}\n${text}\n`,
      )
      .join(''),
  }),
)
const pathOf = (target: unknown): string => {
  const text = Array.isArray(target) ? target.join(',') : String(target)
  return text === '' ? '' : `/${encodeURIComponent(text)}`
}
const single = fc.tuple(index, search).map(
  ([target, text]): Question => ({
    method: 'POST',
    path: `${root}${pathOf(target)}/_search`,
    headers: json,
    body: text,
  }),
)
const listed = fc
  .tuple(index, one('_mapping', '_field_caps?fields=*', '_field_caps?fields=%40timestamp'))
  .map(([target, what]): Question => ({ method: 'GET', path: `${root}${pathOf(target)}/${what}` }))
export const searchQuestions: fc.Arbitrary<Question> = fc.oneof(
  { weight: 16, arbitrary: msearch },
  { weight: 2, arbitrary: single },
  { weight: 2, arbitrary: listed },
  { weight: 1, arbitrary: elsewhere },
)
