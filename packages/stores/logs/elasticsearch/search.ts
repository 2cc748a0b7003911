import { WarrenError } from '@warren/platform/errors'
import type { SearchAnswer, SearchSuccess } from '@warren/searchdsl/answer'
import { toSearchFailure } from '@warren/searchdsl/errors'
import { createCollector } from '@warren/searchdsl/evaluate/collector'
import { printSearch } from '@warren/searchdsl/print'
import type { LogSearch } from '../log-store.ts'
import { isStreamOf } from './backing-indices.ts'
import { type Asker, reasonIn, unreadable } from './client.ts'

/** Elasticsearch gives up by itself then: of an asker who says no deadline. */
const defaultMs = 30_000

/** One search of `_msearch`: the streams go into a body, where no length of a path limits them. */
export async function searchStreams(client: Asker, search: LogSearch): Promise<SearchAnswer> {
  const { tenant, request, signal, share, deadlineMs = defaultMs } = search
  // An empty list or a pattern would search what is not the tenant's.
  const streams = search.streams.filter((stream) => isStreamOf(tenant, stream))
  if (streams.length === 0) return emptyAnswer(search)
  const header = {
    index: streams,
    ignore_unavailable: true,
    allow_partial_search_results: false,
  }
  const body = { ...printSearch(request), timeout: `${deadlineMs}ms` }
  const lines = `${JSON.stringify(header)}\n${JSON.stringify(body)}\n`
  const path = '/_msearch'
  const reply = await client.search({ method: 'POST', path, lines, signal, share })
  const { status } = reply
  const { responses } = (reply.body ?? {}) as { responses?: readonly SearchAnswer[] }
  const [answer] = responses ?? []
  if (status < 300 && !isAnswer(answer)) throw unreadable(path)
  if (answer === undefined)
    throw new WarrenError(`Elasticsearch refused the search: ${reasonIn(reply.body)}`, {
      code: 'store_refused',
      disposition: 'reject',
    })
  if ('error' in answer) return { ...answer, error: withoutCluster(answer.error) }
  const missing = whyPartial(answer, deadlineMs)
  if (missing !== undefined) return missing
  // Without any shard Elasticsearch leaves the aggregations out.
  return answer._shards.total === 0 ? emptyAnswer(search) : withStreams(answer)
}

const isAnswer = (answer: SearchAnswer | undefined): answer is SearchAnswer =>
  answer !== undefined && ('error' in answer || ('hits' in answer && '_shards' in answer))

/** An answer without a part of the records, which nobody asks for, but a version or a proxy may send, as an error: panels would show it as if it were all. */
function whyPartial({ timed_out, _shards }: SearchSuccess, deadlineMs: number) {
  if (timed_out)
    return toSearchFailure({
      type: 'timeout_exception',
      reason: `Elasticsearch had not read all records after ${deadlineMs / 1000} s; ask for a shorter range or a longer interval`,
      status: 503,
    })
  if (_shards.failed > 0)
    return toSearchFailure({
      type: 'no_shard_available_action_exception',
      reason: 'Elasticsearch could not read a part of the records: shards failed',
      status: 503,
    })
  return undefined
}

type Failure = Extract<SearchAnswer, { readonly error: unknown }>['error']

/** Which of these it says is chance, and none is answered in part. */
const ofShards: ReadonlySet<string> = new Set(['Partial shards failure', 'all shards failed'])

/** A reason may name the backing index that it is of (`Fielddata is disabled on [message] in [.ds-…]`): one that only other deployments may have. */
const withoutIndices = (reason: string): string =>
  reason.replace(/\.ds-[^\s\]]+/g, 'an index of these records')

/** What a panel reads of an error. The rest names nodes and indices (`failed_shards`), or counts them: one cause for each that failed, though a caller with grants may not know how many streams there are. */
function withoutCluster({ type, reason, root_cause }: Failure): Failure {
  const causes = new Map(
    root_cause.map((cause) => {
      const told = { type: cause.type, reason: withoutIndices(cause.reason) }
      return [JSON.stringify([told.type, told.reason]), told]
    }),
  )
  return {
    root_cause: [...causes.values()],
    type,
    reason: ofShards.has(reason) ? 'all shards failed' : withoutIndices(reason),
  }
}

/** Of `.ds-logs-warren.app-acme-2026.03.04-000001`, what readers may know and ask for again: the data stream. */
const backingIndex = /^\.ds-(.+)-\d{4}\.\d{2}\.\d{2}-\d{6,}$/

function withStreams(answer: SearchSuccess): SearchSuccess {
  const hits = answer.hits.hits.map((hit) => ({
    ...hit,
    _index: hit._index.replace(backingIndex, '$1'),
  }))
  return { ...answer, hits: { ...answer.hits, hits } }
}

/** What an index without records answers. */
const emptyAnswer = ({ request, nowMs }: LogSearch): SearchAnswer =>
  createCollector(request, nowMs).answer({ tookMs: 0, shards: 0 })
