import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { SearchAnswer } from '@warren/searchdsl/answer'
import { costOfSearch } from '@warren/searchdsl/cost'
import { resolveIndices } from '@warren/searchdsl/index-expression'
import { withoutPlaces } from '@warren/searchdsl/places'
import { printSearch } from '@warren/searchdsl/print'
import { scopeSearch } from '@warren/searchdsl/scope'
import type { SearchRequest } from '@warren/searchdsl/tree'
import type { LogStore } from '@warren/stores/logs/log-store'
import type { AskStore } from '../ask-store.ts'
import type { Asker } from '../asker.ts'
import { beginRecord, type NoteQuery } from '../insights/record.ts'
import type { QueryLimiter } from '../limits/charge-query.ts'
import { newTrail } from '../trail.ts'
import { toFailure } from './failure.ts'

export interface SearchOptions {
  readonly logStore: LogStore
  readonly askStore: AskStore
  readonly limiter: QueryLimiter
  readonly log: Log
  readonly now?: (() => number) | undefined
}

export interface RecordedSearchOptions extends SearchOptions {
  readonly noteQuery: NoteQuery
  readonly encode: (answer: SearchAnswer) => Buffer
}

export interface OneSearch {
  /** Index expressions; none is every index. */
  readonly indices: readonly string[]
  readonly request: SearchRequest
}

interface NamedStreams {
  /** Index expressions; none is every index. */
  readonly indices: readonly string[]
  readonly tenant: string
  readonly signal: AbortSignal
}

/** The tenant's own data streams that expressions name; any other name is none. */
export async function streamsOf(
  { indices, tenant, signal }: NamedStreams,
  { logStore, now = Date.now }: SearchOptions,
): Promise<readonly string[]> {
  return resolveIndices(indices, await logStore.streams(tenant, signal), now())
}

/** One search as its tenant may ask it, encoded and on record. Never throws: what goes wrong is the answer. */
export async function searchEncoded(
  search: OneSearch,
  { trail, ...who }: Asker,
  { encode, ...options }: RecordedSearchOptions,
): Promise<Buffer> {
  const asker = { ...who, trail: newTrail() }
  const endRecord = beginRecord('elasticsearch', asker)
  const answer = await searchOne(search, asker, options)
  // Those of the last search of a body are told: they count them all.
  trail.standings = asker.trail.standings
  const body = encode(answer)
  const ended =
    'error' in answer ? { rows: 0, reason: answer.error.reason } : { rows: answer.hits.hits.length }
  options.noteQuery(endRecord({ ...ended, bytes: body.length }))
  return body
}

/** The same as it is. */
export async function searchOne(
  { indices, request }: OneSearch,
  asker: Asker,
  options: SearchOptions,
): Promise<SearchAnswer> {
  const { tenant, deployments, trail, share } = asker
  const { logStore, askStore, limiter, log, now = Date.now } = options
  try {
    const scoped = scopeSearch(request, { tenant, deployments })
    trail.text = () => JSON.stringify({ index: indices, ...printSearch(scoped) })
    trail.cost = costOfSearch(request, { nowMs: now() }).units
    await limiter.charge(asker, 'logs')
    const ask = async (signal: AbortSignal) => {
      const streams = await streamsOf({ indices, tenant, signal }, options)
      return logStore.search({ tenant, streams, request: scoped, nowMs: now(), share, signal })
    }
    const answer = await askStore(asker, { store: 'logs', cost: trail.cost, ask, isOverload })
    return deployments === undefined ? answer : withoutPlaces(answer, request)
  } catch (thrown) {
    const error = share === undefined ? thrown : share.explain(thrown)
    const failure = toFailure(error)
    if (failure.status === 500) log.error('a search failed', { error: reasonOf(error) })
    return failure
  }
}

/** Elasticsearch refuses a search inside a 200: its queue is full, or a circuit breaker has tripped. */
const isOverload = (answer: SearchAnswer): boolean =>
  'error' in answer && (answer.status === 429 || answer.status === 503)
