import { addAbortSignal, type Readable } from 'node:stream'
import { Client, HttpConnection } from '@elastic/elasticsearch'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import type { Secret } from '@warren/platform/secret'
import { readAnswer } from '../../http/read-answer.ts'
import { parseRetryAfter } from '../../retry-after.ts'

export interface ConnectionSettings {
  readonly url: string
  readonly username?: string | undefined
  readonly password?: Secret | undefined
  readonly apiKey?: Secret | undefined
  readonly requestTimeoutMs: number
}

interface Question {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly path: string
  readonly querystring?: Readonly<Record<string, string | boolean | number>>
  readonly body?: object
  /** NDJSON, as it goes over the wire. */
  readonly lines?: Buffer | string
  readonly signal?: AbortSignal
}

export interface RawReply {
  readonly status: number
  readonly bytes: Buffer
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
  /** The same, the answer unread. */
  askRaw(question: Question): Promise<RawReply>
  close(): Promise<void>
}

/** Requests through `@elastic/elasticsearch`, without its retries: the bytes of a `_bulk` go out as they are, and an answer comes back unread (docs/adr/0022). */
export function openClient(settings: ConnectionSettings): Asker {
  const { url, requestTimeoutMs } = settings
  const auth = authOf(settings)
  const client = new Client({
    node: url,
    Connection: HttpConnection,
    requestTimeout: requestTimeoutMs,
    // A retry hidden in the client would do the work twice; write() knows which items are open.
    maxRetries: 0,
    compression: false,
    resurrectStrategy: 'none',
    enableMetaHeader: false,
    ...(auth === undefined ? {} : { auth }),
  })
  const askRaw = async (question: Question) => {
    const answer = await exchange(client, question, requestTimeoutMs).catch((cause: unknown) => {
      throw unavailable(`Elasticsearch did not answer: ${reasonOf(cause)}`, cause)
    })
    return { status: usableStatus(answer), bytes: answer.bytes }
  }
  return {
    askRaw,
    ask: async (question) => {
      const { status, bytes } = await askRaw(question)
      return { status, body: parseReply({ status, bytes }) }
    },
    close: () => client.close(),
  }
}

interface Answer extends RawReply {
  readonly retryAfter: string | undefined
}

/** The client's own timeout ends with the head of a streamed answer; this one with its last byte. */
async function exchange(client: Client, question: Question, timeoutMs: number): Promise<Answer> {
  const { signal, method, path, querystring, body, lines } = question
  const deadline = AbortSignal.timeout(timeoutMs)
  const ended = signal === undefined ? deadline : AbortSignal.any([signal, deadline])
  const payload = lines === undefined ? { ...(body && { body }) } : { bulkBody: lines }
  const reply = await client.transport.request(
    { method, path, ...(querystring && { querystring }), ...payload },
    { meta: true, asStream: true, signal: ended },
  )
  const bytes = await readAnswer(addAbortSignal(ended, reply.body as Readable))
  const retryAfter: unknown = reply.headers?.['retry-after']
  return {
    status: reply.statusCode ?? 500,
    bytes,
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
  }
}

function authOf({ username, password, apiKey }: ConnectionSettings) {
  if (apiKey !== undefined) return { apiKey: apiKey.reveal() }
  if (username === undefined) return undefined
  return { username, password: password?.reveal() ?? '' }
}

const unavailable = (message: string, cause?: unknown): WarrenError =>
  new WarrenError(message, { code: 'store_unavailable', disposition: 'retry', cause })

/** An answer that is cut or comes from something else than Elasticsearch is none, unless it refuses the request. */
export function parseReply({ status, bytes }: RawReply): unknown {
  const text = bytes.toString()
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch (cause) {
    if (status >= 300) return text
    throw unavailable(`Elasticsearch answered ${status} with what is not JSON`, cause)
  }
}

/** Throws for an answer that says nothing about the request. */
function usableStatus({ status, retryAfter, bytes }: Answer): number {
  if (![401, 403, 429].includes(status) && status < 500) return status
  // Elasticsearch itself sends none; a proxy or a hosted cluster before it does.
  const retryAfterMs = parseRetryAfter(retryAfter, Date.now())
  const reason = reasonIn(parseReply({ status, bytes }))
  throw new WarrenError(`Elasticsearch answered ${status}: ${reason}`, {
    code: status === 429 ? 'store_overloaded' : 'store_unavailable',
    disposition: 'retry',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
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
