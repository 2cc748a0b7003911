import { reasonOf, WarrenError } from '@warren/platform/errors'
import type { AnswerShare } from '../answer-share.ts'
import type { HttpAnswer, HttpSender } from '../http/sender.ts'
import { unreachableError } from './store-away.ts'

/** Where an InfluxDB is asked, and as whom. */
export interface InfluxConnection {
  readonly host: string
  readonly headers: Readonly<Record<string, string>>
  readonly queryTimeoutMs: number
  /** To the server; shared by all who ask it. */
  readonly asking: Pick<HttpSender, 'send'>
}

interface Post {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal?: AbortSignal | undefined
  /** What the answer takes of the memory for answers. */
  readonly share?: AnswerShare | undefined
}

/** Whatever the server answers, whole. Throws `cancelled` when the signal has fired, and `store_unavailable` where nothing came, not in time or not whole. */
export async function exchange(
  { asking, headers, host, queryTimeoutMs }: InfluxConnection,
  { path, headers: own, body, signal, share }: Post,
): Promise<HttpAnswer> {
  try {
    return await asking.send({
      method: 'POST',
      path,
      headers: { ...headers, ...own },
      body,
      signal,
      share,
      timeoutMs: queryTimeoutMs,
    })
  } catch (error) {
    if (signal?.aborted) throw abortedError(error)
    if (error instanceof WarrenError) throw error
    if (error instanceof Error && error.name === 'AbortError')
      throw unreachableError(host, `did not answer within ${queryTimeoutMs} ms`, error)
    throw unreachableError(host, `cannot be reached: ${reasonOf(error)}`, error)
  }
}

const abortedError = (cause: unknown): WarrenError =>
  new WarrenError('the query was cancelled', { code: 'cancelled', disposition: 'reject', cause })
