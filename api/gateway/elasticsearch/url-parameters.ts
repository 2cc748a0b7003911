import { refused } from '@warren/searchdsl/errors'
import type { Request } from 'express'
import { searchParamsOf } from '../../http/search-params.ts'
import type { EndpointName } from './endpoint.ts'

/** Choose neither data nor meaning here: what is asked of one store has one answer. */
const harmless = [
  'allow_no_indices',
  'expand_wildcards',
  'ignore_throttled',
  'ignore_unavailable',
  'pretty',
  'human',
  'error_trace',
]
const searching = [
  'ccs_minimize_roundtrips',
  'max_concurrent_searches',
  'max_concurrent_shard_requests',
  'pre_filter_shard_size',
  'preference',
  'request_cache',
  'search_type',
]

const accepted: Readonly<Record<EndpointName, ReadonlySet<string>>> = {
  info: new Set(harmless),
  health: new Set([...harmless, 'wait_for_status', 'timeout', 'master_timeout', 'local', 'level']),
  msearch: new Set([...harmless, ...searching]),
  search: new Set([...harmless, ...searching, 'allow_partial_search_results']),
  fieldCaps: new Set([...harmless, 'fields', 'include_unmapped', 'include_empty_fields']),
  mapping: new Set([...harmless, 'local', 'master_timeout']),
  resolve: new Set(harmless),
}

/** The parameters of the address. Throws a `SearchError` with Elasticsearch's wording for one that is not accepted or given twice. */
export function readParameters(request: Request, endpoint: EndpointName): Map<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of searchParamsOf(request)) {
    if (!accepted[endpoint].has(name))
      throw refused(`request [${request.path}] contains unrecognized parameter: [${name}]`)
    if (values.has(name)) throw refused(`parameter [${name}] is given twice`)
    values.set(name, value)
  }
  return values
}
