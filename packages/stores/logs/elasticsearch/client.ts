import { Client, errors, HttpConnection } from '@elastic/elasticsearch'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import type { Secret } from '@warren/platform/secret'
import { parseRetryAfter } from '../../retry-after.ts'

export interface ConnectionSettings {
  readonly url: string
  readonly username?: string | undefined
  readonly password?: Secret | undefined
  readonly apiKey?: Secret | undefined
  readonly requestTimeoutMs: number
}

interface Question {
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly path: string
  readonly querystring?: Readonly<Record<string, string | boolean | number>>
  readonly body?: object
  /** NDJSON, as it goes over the wire. */
  readonly lines?: Buffer | string
  readonly signal?: AbortSignal
}

export interface Reply {
  readonly status: number
  // The callers know the shapes of the endpoints they ask.
  readonly body: unknown
}

export interface Asker {
  /** Asks once, never again by itself. Resolves for 2xx and for every 4xx that blames the request;
   *  throws a `WarrenError` (retry) when the server is away, overloaded or does not let us in. */
  ask(question: Question): Promise<Reply>
  close(): Promise<void>
}

export function openClient(settings: ConnectionSettings): Asker {
  const auth = authOf(settings)
  const client = new Client({
    node: settings.url,
    Connection: HttpConnection,
    requestTimeout: settings.requestTimeoutMs,
    // A retry hidden in the client would do the work twice; write() knows which items are open.
    maxRetries: 0,
    compression: false,
    resurrectStrategy: 'none',
    enableMetaHeader: false,
    ...(auth === undefined ? {} : { auth }),
  })
  return {
    async ask({ signal, method, path, querystring, body, lines }) {
      const request = { method, path, ...(querystring && { querystring }) }
      const payload = lines === undefined ? { ...(body && { body }) } : { bulkBody: lines }
      try {
        const reply = await client.transport.request(
          { ...request, ...payload },
          { meta: true, ...(signal && { signal }) },
        )
        return { status: reply.statusCode, body: reply.body }
      } catch (error) {
        return replyOf(error)
      }
    },
    close: () => client.close(),
  }
}

function authOf({ username, password, apiKey }: ConnectionSettings) {
  if (apiKey !== undefined) return { apiKey: apiKey.reveal() }
  if (username === undefined) return undefined
  return { username, password: password?.reveal() ?? '' }
}

function replyOf(error: unknown): Reply {
  if (!(error instanceof errors.ResponseError))
    throw new WarrenError(`Elasticsearch did not answer: ${reasonOf(error)}`, {
      code: 'store_unavailable',
      disposition: 'retry',
      cause: error,
    })
  const status = error.statusCode ?? 500
  if (![401, 403, 429].includes(status) && status < 500) return { status, body: error.body }
  const retryAfterMs = retryAfterOf(error)
  throw new WarrenError(`Elasticsearch answered ${status}: ${reasonIn(error.body)}`, {
    code: status === 429 ? 'store_overloaded' : 'store_unavailable',
    disposition: 'retry',
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** Elasticsearch itself sends none; a proxy or a hosted cluster before it does. */
function retryAfterOf({ headers }: errors.ResponseError): number | undefined {
  const header: unknown = headers?.['retry-after']
  return parseRetryAfter(typeof header === 'string' ? header : undefined, Date.now())
}

/** The reason in an error body of Elasticsearch, one line. */
export function reasonIn(body: unknown): string {
  const { error } = (body ?? {}) as { error?: string | ErrorBody }
  if (typeof error === 'string') return error
  return error === undefined ? 'no reason given' : textOf(error)
}

export interface ErrorBody {
  readonly type?: string
  readonly reason?: string
  readonly caused_by?: { readonly reason?: string }
}

export function textOf({ type, reason, caused_by: cause }: ErrorBody): string {
  const parts = [reason ?? type ?? 'no reason given', cause?.reason]
  return parts.filter((part) => part !== undefined).join(': ')
}
