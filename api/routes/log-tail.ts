import { logTailQuerySchema } from '@warren/contracts/http/log-tail'
import { SearchError } from '@warren/searchdsl/errors'
import { z } from 'zod'
import { atLeast, type Principal } from '../auth/principal.ts'
import { withinDeadline } from '../gateway/ask-store.ts'
import { type SearchOptions, searchOne } from '../gateway/elasticsearch/search-one.ts'
import { Refusal } from '../http/refusal.ts'
import { defineRoute, type Route } from '../http/route.ts'
import { type EventStream, openEventStream } from '../tail/event-stream.ts'
import { followLogs, tailRequest } from '../tail/follow-logs.ts'
import { parseEventId, TailWindow } from '../tail/tail-window.ts'

const maxTails = 50
/** The client comes back by itself and is asked again who it is. */
const maxStreamMs = 15 * 60_000

export interface LogTailOptions extends SearchOptions {
  readonly deadlineMs: number
  /** Ends every stream. */
  readonly draining: AbortSignal
}

function checkQuery(query: string | undefined): void {
  try {
    tailRequest(query, { fromMs: 0, toMs: 0 })
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
    throw new Refusal('invalid', error.reason, {
      errors: [{ pointer: '?q', detail: error.reason }],
    })
  }
}

/** Ends the stream with its credential, with the api, and after a while. */
function limitStream(stream: EventStream, { expiresAt }: Principal, draining: AbortSignal): void {
  const leftMs = (expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now()
  const timer = setTimeout(() => stream.end(), Math.max(0, Math.min(maxStreamMs, leftMs)))
  const end = (): void => stream.end()
  draining.addEventListener('abort', end, { once: true })
  stream.signal.addEventListener('abort', () => {
    clearTimeout(timer)
    draining.removeEventListener('abort', end)
  })
}

export function logTailRoute(options: LogTailOptions): Route {
  let open = 0
  return defineRoute({
    method: 'get',
    path: '/api/v1/logs/tail',
    tag: 'Logs',
    summary: 'New log records as they are stored (server-sent events)',
    roles: atLeast('viewer'),
    query: logTailQuerySchema,
    success: { status: 200, schema: z.string(), mediaType: 'text/event-stream' },
    answer: async ({ principal, query: { q: query }, request, response }) => {
      checkQuery(query)
      if (open >= maxTails)
        throw new Refusal('too_many_requests', `${maxTails} live tails are open; retry in 10 s`, {
          retryAfterS: 10,
        })
      open++
      const stream = openEventStream(response)
      limitStream(stream, principal, options.draining)
      const window = new TailWindow(parseEventId(request.get('last-event-id')))
      const { tenant } = principal
      try {
        await followLogs({
          stream,
          window,
          query,
          search: (wanted) =>
            withinDeadline(stream.signal, options.deadlineMs, (signal) =>
              searchOne({ indices: [], request: wanted }, { tenant, signal }, options),
            ),
        })
      } finally {
        open--
      }
      return undefined
    },
  })
}
