import { reasonOf, WarrenError } from '@warren/platform/errors'
import type { Secret } from '@warren/platform/secret'
import { createHttpSender, type HttpAnswer } from '../../http/sender.ts'
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

/** What 8.x says and 9.x understands: https://www.elastic.co/docs/reference/elasticsearch/rest-apis/compatibility */
const json = 'application/vnd.elasticsearch+json; compatible-with=8'
const ndjson = 'application/vnd.elasticsearch+x-ndjson; compatible-with=8'

export function openClient(settings: ConnectionSettings): Asker {
  const { url, requestTimeoutMs: timeoutMs } = settings
  const headers = { accept: json, ...authOf(settings) }
  const sender = createHttpSender({ url, headers, timeoutMs })
  const askRaw = async ({ signal, method, path, querystring, body, lines }: Question) => {
    const payload = lines ?? (body === undefined ? undefined : JSON.stringify(body))
    const question = {
      method,
      path: `${path}${toQuery(querystring)}`,
      headers: payload === undefined ? {} : { 'content-type': lines === undefined ? json : ndjson },
      ...(payload === undefined ? {} : { body: payload }),
      signal,
    }
    const answer = await sender.send(question).catch((cause: unknown) => {
      throw unavailable(`Elasticsearch did not answer: ${reasonOf(cause)}`, cause)
    })
    return { status: usableStatus(answer), bytes: answer.body }
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

const toQuery = (querystring: Question['querystring']): string =>
  querystring === undefined
    ? ''
    : `?${Object.entries(querystring)
        .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
        .join('&')}`

function authOf({ username, password, apiKey }: ConnectionSettings): Record<string, string> {
  if (apiKey !== undefined) return { authorization: `ApiKey ${apiKey.reveal()}` }
  if (username === undefined) return {}
  const pair = Buffer.from(`${username}:${password?.reveal() ?? ''}`)
  return { authorization: `Basic ${pair.toString('base64')}` }
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
function usableStatus({ status, headers, body }: HttpAnswer): number {
  if (![401, 403, 429].includes(status) && status < 500) return status
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
