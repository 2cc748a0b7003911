import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { SearchAnswer } from '@warren/searchdsl/answer'
import { resolveIndices } from '@warren/searchdsl/index-expression'
import { scopeSearch } from '@warren/searchdsl/scope'
import type { SearchRequest } from '@warren/searchdsl/tree'
import type { LogStore } from '@warren/stores/logs/log-store'
import type { AskStore } from '../ask-store.ts'
import type { Asker } from '../asker.ts'
import { toFailure } from './failure.ts'

export interface SearchOptions {
  readonly logStore: LogStore
  readonly askStore: AskStore
  readonly log: Log
  readonly now?: () => number
}

export interface OneSearch {
  /** Index expressions; none is every index. */
  readonly indices: readonly string[]
  readonly request: SearchRequest
}

/** The tenant's own data streams that expressions name. Throws a `SearchError` for a concrete name that is not one. */
export async function streamsOf(
  indices: readonly string[],
  tenant: string,
  { logStore, now = Date.now }: SearchOptions,
): Promise<readonly string[]> {
  return resolveIndices(indices, await logStore.streams(tenant), now())
}

/** One search as its tenant may ask it. Never throws: what goes wrong is the answer. */
export async function searchOne(
  { indices, request }: OneSearch,
  asker: Asker,
  options: SearchOptions,
): Promise<SearchAnswer> {
  const { tenant } = asker
  const { logStore, askStore, log, now = Date.now } = options
  try {
    const ask = async (signal: AbortSignal) => {
      const streams = await streamsOf(indices, tenant, options)
      const scoped = scopeSearch(request, { tenant })
      return logStore.search({ tenant, streams, request: scoped, nowMs: now(), signal })
    }
    return await askStore(asker, { store: 'logs', ask })
  } catch (error) {
    const failure = toFailure(error)
    if (failure.status === 500) log.error('a search failed', { error: reasonOf(error) })
    return failure
  }
}
