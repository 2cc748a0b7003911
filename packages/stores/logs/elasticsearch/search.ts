import { WarrenError } from '@warren/platform/errors'
import type { SearchAnswer } from '@warren/searchdsl/answer'
import { printSearch } from '@warren/searchdsl/print'
import type { LogSearch } from '../log-store.ts'
import { type Asker, reasonIn } from './client.ts'

/** One search of `_msearch`: the streams go into a body, where no length of a path limits them. */
export async function searchStreams(
  client: Asker,
  { streams, request, signal }: LogSearch,
): Promise<SearchAnswer> {
  const header = {
    index: streams,
    ignore_unavailable: true,
    allow_partial_search_results: false,
  }
  const lines = `${JSON.stringify(header)}\n${JSON.stringify(printSearch(request))}\n`
  const { body } = await client.ask({ method: 'POST', path: '/_msearch', lines, signal })
  const [answer] = (body as { responses?: readonly SearchAnswer[] }).responses ?? []
  if (answer === undefined)
    throw new WarrenError(`Elasticsearch refused the search: ${reasonIn(body)}`, {
      code: 'store_refused',
      disposition: 'reject',
    })
  return answer
}
