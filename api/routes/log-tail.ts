import { logTailQuerySchema } from '@warren/contracts/http/log-tail'
import { SearchError } from '@warren/searchdsl/errors'
import { z } from 'zod'
import { atLeast } from '../auth/principal.ts'
import { withinDeadline } from '../gateway/ask-store.ts'
import { askerOf } from '../gateway/asker.ts'
import { type SearchOptions, searchOne } from '../gateway/elasticsearch/search-one.ts'
import { Refusal } from '../http/refusal.ts'
import { defineRoute, type Route } from '../http/route.ts'
import { requestIdOf } from '../http/trace.ts'
import { openEventStream } from '../tail/event-stream.ts'
import { followLogs, tailRequest } from '../tail/follow-logs.ts'
import { createPlaces, limitStream } from '../tail/stream-limits.ts'
import { parseEventId, TailWindow } from '../tail/tail-window.ts'

const places = { what: 'live tails', max: 50, maxPerTenant: 20 }

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

export function logTailRoute(options: LogTailOptions): Route {
  const takePlace = createPlaces(places)
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
      // Whoever asks for the headers alone would wait for an end.
      if (request.method === 'HEAD') return { status: 200 }
      const { tenant } = principal
      const requestId = requestIdOf(response)
      const leave = takePlace(tenant)
      const stream = openEventStream(response)
      limitStream(stream, principal, options.draining)
      const window = new TailWindow(parseEventId(request.get('last-event-id')))
      try {
        await followLogs({
          stream,
          window,
          query,
          search: (wanted) =>
            withinDeadline(stream.signal, options.deadlineMs, (signal) =>
              searchOne(
                { indices: [], request: wanted },
                askerOf(request.headers, { principal, requestId, signal: () => signal }),
                options,
              ),
            ),
        })
      } finally {
        leave()
      }
      return undefined
    },
  })
}
