import type { Secret } from '@warren/platform/secret'
import type { AnswerShare } from '../../answer-share.ts'

export interface ConnectionSettings {
  readonly url: string
  readonly username?: string | undefined
  readonly password?: Secret | undefined
  readonly apiKey?: Secret | undefined
  readonly requestTimeoutMs: number
}

interface Asked {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly path: string
  readonly querystring?: Readonly<Record<string, string | boolean | number>>
  readonly signal?: AbortSignal | undefined
}

export interface Question extends Asked {
  readonly body?: object
  /** NDJSON, as it goes over the wire. */
  readonly lines?: string | Buffer
  /** What the answer takes of the memory for answers. */
  readonly share?: AnswerShare | undefined
}

export interface BulkQuestion extends Asked {
  /** NDJSON, as it goes over the wire. Not copied: see `SentReply.isSent`. */
  readonly lines: Buffer
}

/** An answer whatever its status, unread. */
export interface RawReply {
  readonly status: number
  readonly bytes: Buffer
  /** The headers `X-Elastic-Product` and `Retry-After`. */
  readonly product: string | undefined
  readonly retryAfter: string | undefined
}

export interface SentReply extends RawReply {
  /** As in `HttpAnswer`. */
  readonly isSent: boolean
}
