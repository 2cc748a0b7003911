import { reasonOf, WarrenError } from '@warren/platform/errors'
import type { Secret } from '@warren/platform/secret'
import { createHttpSender, type HttpAnswer, type HttpSender } from '../../http/sender.ts'
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
  /** As in `HttpAnswer`. */
  readonly isSent: boolean
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

/** What 8.x takes from clients of its own major version, and 9.x too: https://www.elastic.co/docs/reference/elasticsearch/rest-apis/compatibility */
const mediaType = (format: string): string =>
  `application/vnd.elasticsearch+${format}; compatible-with=8`

/** Requests in bytes, each asked once (docs/adr/0022). */
export function openClient(settings: ConnectionSettings): Asker {
  const { url, requestTimeoutMs: timeoutMs } = settings
  const headers = { accept: mediaType('json'), ...authOf(settings) }
  const sender = createHttpSender({ url, headers, timeoutMs })
  const askRaw = async (question: Question): Promise<RawReply> => {
    const answer = await exchange(sender, question).catch((cause: unknown) => {
      throw unavailable(`Elasticsearch did not answer: ${reasonOf(cause)}`, cause)
    })
    const { status, body, isSent } = usable(answer)
    return { status, bytes: body, isSent }
  }
  return {
    askRaw,
    ask: async (question) => {
      const { status, bytes } = await askRaw(question)
      return { status, body: parseReply({ status, bytes }) }
    },
    close: async () => sender.close(),
  }
}

function exchange(sender: HttpSender, question: Question): Promise<HttpAnswer> {
  const { method, querystring, signal } = question
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(querystring ?? {})) query.set(name, String(value))
  const path = query.size === 0 ? question.path : `${question.path}?${query}`
  return sender.send({ method, path, signal, ...bodyOf(question) })
}

function bodyOf({ body, lines }: Question) {
  if (lines !== undefined)
    return { body: lines, headers: { 'content-type': mediaType('x-ndjson') } }
  if (body === undefined) return {}
  return { body: JSON.stringify(body), headers: { 'content-type': mediaType('json') } }
}

function authOf({ username, password, apiKey }: ConnectionSettings): Record<string, string> {
  if (apiKey !== undefined) return { authorization: `ApiKey ${apiKey.reveal()}` }
  if (username === undefined) return {}
  const pair = Buffer.from(`${username}:${password?.reveal() ?? ''}`).toString('base64')
  return { authorization: `Basic ${pair}` }
}

const unavailable = (message: string, cause?: unknown): WarrenError =>
  new WarrenError(message, { code: 'store_unavailable', disposition: 'retry', cause })

/** An answer that is cut or comes from something else than Elasticsearch is none, unless it refuses the request. */
export function parseReply({ status, bytes }: Pick<RawReply, 'status' | 'bytes'>): unknown {
  const text = bytes.toString()
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch (cause) {
    if (status >= 300) return text
    throw unavailable(`Elasticsearch answered ${status} with what is not JSON`, cause)
  }
}

/** Throws for an answer that says nothing about the request. */
function usable(answer: HttpAnswer): HttpAnswer {
  const { status, headers, body } = answer
  if (status < 300 && headers['x-elastic-product'] !== 'Elasticsearch')
    throw unavailable('what answers there is not Elasticsearch')
  if (![401, 403, 429].includes(status) && status < 500) return answer
  // Elasticsearch itself sends none; a proxy or a hosted cluster before it does.
  const retryAfterMs = parseRetryAfter(headers['retry-after'], Date.now())
  const reason = reasonIn(parseReply({ status, bytes: body }))
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
