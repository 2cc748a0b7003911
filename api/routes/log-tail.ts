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
/** So that one tenant's browsers do not shut out another's. */
const maxTailsPerTenant = 20
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

const tooMany = (count: number): Refusal =>
  new Refusal('too_many_requests', `${count} live tails are open; retry in 10 s`, {
    retryAfterS: 10,
  })

/** Counts the open tails. Returns how to give a place back; throws a `Refusal` when there is none. */
function createPlaces(): (tenant: string) => () => void {
  const openOf = new Map<string, number>()
  let open = 0
  return (tenant) => {
    const own = openOf.get(tenant) ?? 0
    if (own >= maxTailsPerTenant) throw tooMany(own)
    if (open >= maxTails) throw tooMany(open)
    open++
    openOf.set(tenant, own + 1)
    return () => {
      open--
      const left = (openOf.get(tenant) ?? 1) - 1
      if (left === 0) openOf.delete(tenant)
      else openOf.set(tenant, left)
    }
  }
}

export function logTailRoute(options: LogTailOptions): Route {
  const takePlace = createPlaces()
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
              searchOne({ indices: [], request: wanted }, { tenant, signal }, options),
            ),
        })
      } finally {
        leave()
      }
      return undefined
    },
  })
}
