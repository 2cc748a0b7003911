import { WarrenError } from '@warren/platform/errors'
import type { BackingIndices } from './backing-indices.ts'
import { type Asker, reasonIn } from './client.ts'

/** Half of `index.max_result_window`: an id can be in more than one index only after a lost race. */
const idsPerSearch = 5000

interface IdSearch {
  readonly status: number
  readonly hits: { readonly hits: readonly { readonly _id: string }[] }
}

/** Which of these ids the indices hold. The indices must have been refreshed since their last write. */
export async function findIds(
  client: Asker,
  indices: BackingIndices,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  if (indices.length === 0) return found
  const header = {
    index: indices,
    ignore_unavailable: true,
    allow_partial_search_results: false,
  }
  for (let at = 0; at < ids.length; at += idsPerSearch) {
    const values = ids.slice(at, at + idsPerSearch)
    const search = { query: { ids: { values } }, size: idsPerSearch * 2, _source: false }
    const body = { ...search, sort: ['_doc'], track_total_hits: false }
    const lines = `${JSON.stringify(header)}\n${JSON.stringify(body)}\n`
    const reply = await client.ask({ method: 'POST', path: '/_msearch', lines })
    const [answer] = (reply.body as { responses?: readonly IdSearch[] }).responses ?? []
    if (answer?.status !== 200)
      throw new WarrenError(
        `Elasticsearch could not look up ids: ${reasonIn(answer ?? reply.body)}`,
        {
          code: 'store_unavailable',
          disposition: 'retry',
        },
      )
    for (const { _id: id } of answer.hits.hits) found.add(id)
  }
  return found
}
