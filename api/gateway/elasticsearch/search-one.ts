import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { SearchAnswer, SearchFailure } from '@warren/searchdsl/answer'
import { costOfSearch } from '@warren/searchdsl/cost'
import { resolveIndices } from '@warren/searchdsl/index-expression'
import { withoutPlaces } from '@warren/searchdsl/places'
import { printSearch } from '@warren/searchdsl/print'
import { scopeSearch } from '@warren/searchdsl/scope'
import type { SearchRequest } from '@warren/searchdsl/tree'
import type { LogStore } from '@warren/stores/logs/log-store'
import type { AskStore } from '../ask-store.ts'
import type { Asker } from '../asker.ts'
import type { QueryLimiter } from '../limits/charge-query.ts'
import { toFailure } from './failure.ts'

export interface SearchOptions {
  readonly logStore: LogStore
  readonly askStore: AskStore
  readonly limiter: QueryLimiter
  readonly deadlineMs: number
  readonly log: Log
  readonly now?: (() => number) | undefined
}

export interface OneSearch {
  /** Index expressions; none is every index. */
  readonly indices: readonly string[]
  readonly request: SearchRequest
}

/** A search that its tenant may ask, and has been charged for. */
export interface ScopedSearch extends OneSearch {
  /** Of its tenant alone and within the asker's grants: isolation is in the tree itself. */
  readonly request: SearchRequest
  /** As it was asked for: callers with grants are not told of all of it, and get the shape of the whole. */
  readonly sort: SearchRequest['sort']
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
  { logStore, now = Date.now }: Pick<SearchOptions, 'logStore' | 'now'>,
): Promise<readonly string[]> {
  return resolveIndices(indices, await logStore.streams(tenant, signal), now())
}

/** Scopes, prices and charges a search, and notes it in the trail. Throws a `Refusal` or a `SearchError`. */
export async function admitSearch(
  { indices, request }: OneSearch,
  asker: Asker,
  { limiter, now = Date.now }: SearchOptions,
): Promise<ScopedSearch> {
  const { tenant, deployments, trail } = asker
  const scoped = scopeSearch(request, { tenant, deployments })
  trail.text = () => JSON.stringify({ index: indices, ...printSearch(scoped) })
  trail.cost = costOfSearch(request, { nowMs: now() }).units
  await limiter.charge(asker, 'logs')
  return { indices, request: scoped, sort: request.sort }
}

/** Asks the store, when it is the asker's turn. Throws a `Refusal`, a `SearchError` or the store's `WarrenError`. */
export async function askLogs(
  { indices, request, sort }: ScopedSearch,
  asker: Asker,
  options: Pick<SearchOptions, 'logStore' | 'askStore' | 'deadlineMs' | 'now'>,
): Promise<SearchAnswer> {
  const { tenant, deployments, trail, share } = asker
  const { logStore, askStore, deadlineMs, now = Date.now } = options
  const ask = async (signal: AbortSignal) => {
    const streams = await streamsOf({ indices, tenant, signal }, options)
    const nowMs = now()
    return logStore.search({ tenant, streams, request, nowMs, share, deadlineMs, signal })
  }
  const answer = await askStore(asker, { store: 'logs', cost: trail.cost, ask, isOverload })
  return deployments === undefined ? answer : withoutPlaces(answer, { sort })
}

/** What the asker is answered instead. */
export function failureOf(
  thrown: unknown,
  { share, requestId }: Asker,
  { log }: Pick<SearchOptions, 'log'>,
): SearchFailure {
  const error = share === undefined ? thrown : share.explain(thrown)
  const failure = toFailure(error)
  if (failure.status === 500) {
    const stack = error instanceof Error ? error.stack : undefined
    log.error('a search failed', { requestId, error: reasonOf(error), stack })
  }
  return failure
}

/** One search as its tenant may ask it, asked of the store. Never throws: what goes wrong is the answer. */
export async function searchOne(
  search: OneSearch,
  asker: Asker,
  options: SearchOptions,
): Promise<SearchAnswer> {
  try {
    return await askLogs(await admitSearch(search, asker, options), asker, options)
  } catch (thrown) {
    return failureOf(thrown, asker, options)
  }
}

/** Elasticsearch refuses a search inside a 200: its queue is full, or a circuit breaker has tripped. */
const isOverload = (answer: SearchAnswer): boolean =>
  'error' in answer && (answer.status === 429 || answer.status === 503)
