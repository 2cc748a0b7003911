import fc from 'fast-check'
import { canary, reader, stranger } from './data.ts'
import { elasticsearchPath, type Question } from './question.ts'

const one = fc.constantFrom

/** Requests that would reach other documents, other indices or the cluster, if they were forwarded. */
export const hostileSearch = one<Readonly<Record<string, unknown>>>(
  {
    size: 10,
    query: { match_all: {} },
    aggs: { x: { global: {}, aggs: { y: { terms: { field: 'host.name' } } } } },
  },
  {
    size: 10,
    query: {
      terms: {
        'host.name': { index: `logs-warren.nginx-${stranger}`, id: '1', path: 'host.name' },
      },
    },
  },
  {
    size: 10,
    query: { match_all: {} },
    runtime_mappings: { 'warren.tenant': { type: 'keyword', script: `emit('${reader}')` } },
  },
  {
    size: 10,
    query: {
      bool: {
        should: [{ term: { 'warren.tenant': stranger } }, { match_all: {} }],
        minimum_should_match: 0,
      },
    },
  },
  { size: 10, query: { term: { 'warren.tenant': stranger } } },
  { size: 10, query: { query_string: { query: `warren.tenant:${stranger} OR *` } } },
  { size: 10, query: { query_string: { query: `_index:*${stranger}*` } } },
  {
    size: 10,
    query: { query_string: { query: `${canary} OR _exists_:attributes.${canary}_key` } },
  },
  { size: 10, query: { wrapper: { query: Buffer.from('{"match_all":{}}').toString('base64') } } },
  { size: 10, post_filter: { match_all: {} } },
  {
    size: 10,
    query: { match_all: {} },
    suggest: { s: { text: 'reqest', term: { field: 'message' } } },
  },
  { size: 10, pit: { id: 'abc' } },
  {
    size: 10,
    query: { more_like_this: { like: [{ _index: `logs-warren.nginx-${stranger}`, _id: '1' }] } },
  },
  { size: 0, aggs: { x: { terms: { field: 'host.name', min_doc_count: 0, size: 1000 } } } },
  { size: 0, aggs: { x: { terms: { field: `attributes.${canary}_key`, size: 1000 } } } },
  { size: 0, aggs: { x: { terms: { field: 'warren.tenant', size: 10 } } } },
  { size: 0, aggs: { x: { significant_text: { field: 'message' } } } },
  { size: 0, aggs: { x: { cardinality: { field: '_index' } } } },
  { size: 10, query: { script: { script: 'true' } } },
  { size: 10, script_fields: { x: { script: "doc['warren.tenant'].value" } } },
  { size: 10, query: { match_all: {} }, sort: [{ _script: { type: 'number', script: '1' } }] },
  {
    size: 10,
    query: { match_all: {} },
    collapse: { field: 'host.name', inner_hits: { name: 'x' } },
  },
  { size: 10, query: { match_all: {} }, rescore: { query: { rescore_query: { match_all: {} } } } },
  { size: 10, query: { match_all: {} }, explain: true, profile: true },
  { size: 10, knn: { field: 'v', query_vector: [1], k: 1, num_candidates: 1 } },
  { size: 10, query: { ids: { values: ['1'] } } },
  // What tells a record's place among everybody's, and the store's own names: in an order, since of hits without one little is compared.
  ...[
    { docvalue_fields: ['_seq_no', '_index'] },
    { docvalue_fields: ['*_no'] },
    { docvalue_fields: [{ field: '_version' }, { field: '*ndex' }] },
    { fields: ['_index', '_version', '_tier', '_id'] },
    { fields: ['*', '_*'] },
    { highlight: { fields: { '*': {}, _index: {} } } },
  ].map((shown) => ({ size: 10, _source: false, sort: [{ '@timestamp': 'desc' }], ...shown })),
)

/** Paths that are not a search, or try not to look like one. */
export const elsewhere = one(
  ...[
    '/',
    '/_cluster/health',
    '/_cluster/health?level=indices',
    '/_cat/indices',
    '/_nodes',
    '/_cluster/state',
    '/_aliases',
    '/_stats',
    `/logs-warren.nginx-${stranger}/_settings`,
    '/_resolve/index/*',
    '/_resolve/index/%2A',
  ],
  ...[
    `/logs-*/../_cat/indices`,
    '/%2e%2e/_cat/indices',
    `/logs-warren.nginx-${stranger}/_doc/1`,
    '/_sql',
    '/_query',
    `/_search/scroll`,
    '/_data_stream/*',
    '/_search?q=*',
    '/_msearch/template',
    '/_mget',
  ],
).map((path): Question => ({ method: 'GET', path: elasticsearchPath + path }))
