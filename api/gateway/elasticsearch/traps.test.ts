import { resolveIndices } from '@warren/searchdsl/index-expression'
import { toExpressions } from '@warren/searchdsl/parse/msearch'
import type { Request } from 'express'
import { describe, expect, it } from 'vitest'
import { endpointOf } from './endpoint.ts'
import { parsePath } from './path.ts'
import { readParameters } from './url-parameters.ts'
import { wantedFields } from './wanted-fields.ts'

/** Streams of the asking tenant, of which nothing else can be named. */
const own = ['logs-warren.app-acme', 'logs-warren.nginx-acme']

/** The streams that a path asks about. */
function streamsOf(path: string): readonly string[] {
  const { index } = endpointOf('GET', parsePath(path))
  return resolveIndices(toExpressions(index ?? ''), own, Date.UTC(2026, 2, 4))
}

describe('trap 1: a path names only streams of one’s own', () => {
  it.each([
    ['/_search', own],
    ['/_all/_search', own],
    ['/*/_search', own],
    ['/%2A/_search', own],
    ['/*,-*nginx*/_search', own.slice(0, 1)],
    ['/%2A%2C-%2Anginx%2A/_search', own.slice(0, 1)],
    ['/logs-warren.app-*/_search', own.slice(0, 1)],
    ['/logs-warren.app-other/_search', []],
    ['/.security/_search', []],
    ['/.security,.ds-*/_search', []],
    ['/.ds-logs-warren.app-acme-2026.03.04-000001/_search', []],
    ['/remote:*/_search', []],
    ['/*:*/_search', []],
    ['/remote%3Alogs-warren.app-acme/_search', []],
    ['/%3Clogs-warren.app-%7Bnow/d%7D%3E/_search', []],
    ['/-*/_search', []],
    ['/logs-warren.app-acme%20/_search', own.slice(0, 1)],
  ])('%s', (path, streams) => {
    expect(streamsOf(path)).toEqual(streams)
  })
})

describe('trap 6: a search in the address', () => {
  const read = (query: string) =>
    readParameters({ originalUrl: `/x/_search?${query}`, path: '/x/_search' } as Request, 'search')

  it.each([
    'source={}',
    'source_content_type=application/json',
    'q=secret',
    'df=warren.tenant',
    'default_operator=AND',
    'analyzer=x',
    'routing=x',
    'scroll=1m',
    'size=10000',
    'from=1',
    'sort=_doc',
    '_source=false',
    '_source_includes=x',
    'stored_fields=x',
    'docvalue_fields=x',
    'filter_path=hits',
    'typed_keys=true',
    'rest_total_hits_as_int=true',
    'explain=true',
    'track_total_hits=true',
    'terminate_after=1',
    'timeout=1h',
    'index=other',
    'Q=x',
    'preference=a&preference=b',
  ])('%s is refused', (query) => {
    expect(() => read(query)).toThrow(/unrecognized parameter|given twice/)
  })

  it('an address that names no host that can be is refused', () => {
    const request = { originalUrl: 'http://a:99999/x/_mapping', path: '/x/_mapping' } as Request
    expect(() => readParameters(request, 'mapping')).toThrow(
      expect.objectContaining({ status: 400 }),
    )
  })
})

describe('trap 7: everything else of Elasticsearch', () => {
  it.each([
    '_bulk',
    '_cat/indices',
    '_cluster/settings',
    '_cluster/state',
    '_count',
    '_create/1',
    '_delete_by_query',
    '_doc/1',
    '_enrich/policy',
    '_eql/search',
    '_explain/1',
    '_graph/explore',
    '_ingest/pipeline',
    '_knn_search',
    '_mget',
    '_msearch/template',
    '_mtermvectors',
    '_mvt/f/1/1/1',
    '_nodes',
    '_pit',
    '_query',
    '_query/async',
    '_rank_eval',
    '_reindex',
    '_render/template',
    '_search/scroll',
    '_search/template',
    '_search_shards',
    '_settings',
    '_snapshot',
    '_source/1',
    '_sql',
    '_stats',
    '_tasks',
    '_template',
    '_terms_enum',
    '_termvectors/1',
    '_transform',
    '_update_by_query',
    '_validate/query',
    '_alias',
    '_aliases',
    '_async_search',
    '_mapping/field/*',
    '_security/user',
    'a/b/_search',
    '_search/x',
    '_field_caps/x',
    '_mapping/x',
  ])('/%s', (path) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'])
      for (const prefix of ['/', '/logs/', '/_all/'])
        expect(() => endpointOf(method, parsePath(`${prefix}${path}`))).toThrow(
          expect.objectContaining({ status: 403 }),
        )
  })
})

it.each(['index_filter', 'runtime_mappings'])('trap 8: [%s] of _field_caps is refused', (key) => {
  expect(() => wantedFields('*', JSON.stringify({ [key]: {} }))).toThrow(`[${key}]`)
})
