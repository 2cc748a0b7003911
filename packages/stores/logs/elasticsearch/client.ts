import { reasonOf, WarrenError } from '@warren/platform/errors'
import { freeBytes } from '@warren/platform/free-bytes'
import { takeParsed } from '../../answer-share.ts'
import { parseRetryAfter } from '../../retry-after.ts'
import { openBytes } from './bytes.ts'
import { openElastic } from './elastic.ts'
import type { BulkQuestion, ConnectionSettings, Question, RawReply, SentReply } from './question.ts'

export interface Reply {
  readonly status: number
  // The callers know the shapes of the endpoints they ask.
  readonly body: unknown
}

export interface Asker {
  /** Asks once, never again by itself. Resolves for 2xx and for every 4xx that blames the request;
   *  throws a `WarrenError` (retry) when the server is away, overloaded or does not let us in. */
  ask(question: Question): Promise<Reply>
  /** The same, of records that somebody wants to see. */
  search(question: Question): Promise<Reply>
  /** The same for a `_bulk`, the answer unread. */
  askRaw(question: BulkQuestion): Promise<SentReply>
  close(): Promise<void>
}

/** What writers ask goes out in bytes, searches through `@elastic/elasticsearch` (docs/adr/0022). */
export function openClient(settings: ConnectionSettings): Asker {
  const bytes = openBytes(settings)
  const elastic = openElastic(settings)
  return {
    askRaw: async (question) => usable(await orUnavailable(bytes.send(question))),
    ask: async (question) => toReply(await orUnavailable(bytes.send(question))),
    search: async (question) => {
      const answer = await orUnavailable(elastic.send(question))
      await takeParsed(question.share, answer.bytes.length)
      const reply = toReply(answer)
      freeBytes(answer.bytes)
      return reply
    },
    close: async () => {
      bytes.close()
      await elastic.close()
    },
  }
}

function toReply(answer: RawReply): Reply {
  const { status, bytes } = usable(answer)
  return { status, body: parseReply({ status, bytes }) }
}

const orUnavailable = <Answered>(answer: Promise<Answered>): Promise<Answered> =>
  answer.catch((cause: unknown) => {
    if (cause instanceof WarrenError) throw cause
    throw unavailable(`Elasticsearch did not answer: ${reasonOf(cause)}`, cause)
  })

const unavailable = (message: string, cause?: unknown): WarrenError =>
  new WarrenError(message, { code: 'store_unavailable', disposition: 'retry', cause })

/** For an answer of another shape than the endpoint's: something that is not Elasticsearch, or not well, has made it. */
export const unreadable = (path: string): WarrenError =>
  unavailable(`Elasticsearch answered ${path} with what is no answer to it`)

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
function usable<Answered extends RawReply>(answer: Answered): Answered {
  const { status, bytes, product, retryAfter } = answer
  if (status < 300 && product !== 'Elasticsearch')
    throw unavailable('what answers there is not Elasticsearch')
  if (![401, 403, 429].includes(status) && status < 500) return answer
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
