import { setTimeout as sleep } from 'node:timers/promises'
import type { SearchAnswer } from '@warren/searchdsl/answer'
import { parseSearch } from '@warren/searchdsl/parse/search'
import type { SearchRequest } from '@warren/searchdsl/tree'
import type { EventStream } from './event-stream.ts'
import type { Span, TailWindow } from './tail-window.ts'

const pollMs = 1000
const afterProblemMs = 3000
/** Records a second that a person's window can follow. */
const maxRecords = 500

/** The newest records of a span that match. Throws a `SearchError` when the query is not Lucene that we accept. */
export function tailRequest(query: string | undefined, { fromMs, toMs }: Span): SearchRequest {
  const range = { range: { '@timestamp': { gte: fromMs, lte: toMs, format: 'epoch_millis' } } }
  const text = query === undefined || query.trim() === '' ? '*' : query
  const match = { query_string: { query: text, analyze_wildcard: true } }
  return parseSearch({
    size: maxRecords,
    track_total_hits: false,
    query: { bool: { filter: text === '*' ? [range] : [range, match] } },
    sort: [{ '@timestamp': 'desc' }],
  })
}

export interface FollowOptions {
  readonly stream: EventStream
  readonly window: TailWindow
  readonly query: string | undefined
  readonly search: (request: SearchRequest) => Promise<SearchAnswer>
}

/** Asks once and sends what is new; returns how long to wait. */
async function pollOnce({ stream, window, query, search }: FollowOptions): Promise<number> {
  // A slow reader gets less, not a growing buffer.
  if (!stream.isReady()) return pollMs
  const span = window.span(Date.now())
  const answer = await search(tailRequest(query, span))
  if (stream.signal.aborted) return 0
  if ('error' in answer) {
    stream.send({ name: 'problem', data: { reason: answer.error.reason } })
    return afterProblemMs
  }
  const { hits } = answer.hits
  const fresh = window.take(hits, span)
  if (fresh.length === maxRecords) stream.send({ name: 'skipped', data: {} })
  for (const { id, timeMs, hit } of fresh) {
    if (stream.isFull()) {
      stream.send({ name: 'skipped', data: {} })
      break
    }
    stream.send({ id: `${timeMs}-${id}`, data: hit })
  }
  return pollMs
}

/** Sends new records until the stream ends. */
export async function followLogs(options: FollowOptions): Promise<void> {
  const { signal } = options.stream
  while (!signal.aborted) {
    const waitMs = await pollOnce(options)
    await sleep(waitMs, undefined, { signal }).catch(() => undefined)
  }
}
