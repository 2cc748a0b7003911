import type { ServerResponse } from 'node:http'
import type { Problem } from '@warren/contracts/http/problem'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import { onError } from '@warren/platform/on-error'
import type { ErrorRequestHandler } from 'express'
import { errorCodes } from './error-codes.ts'
import { Refusal } from './refusal.ts'
import { requestIdOf } from './trace.ts'

/** What body-parser and router put on their errors. */
interface HttpError extends Error {
  readonly status?: number
  readonly type?: string
}

const bodyErrors: Readonly<Record<string, () => Refusal>> = {
  'entity.too.large': () => new Refusal('too_large', 'the body is larger than this path takes'),
  'encoding.unsupported': () =>
    new Refusal('unsupported_media_type', 'a body may be compressed with gzip, deflate or br'),
  'charset.unsupported': () => new Refusal('unsupported_media_type', 'send UTF-8'),
}

function fromHttpError(error: HttpError): Refusal | undefined {
  const known = bodyErrors[error.type ?? '']
  if (known !== undefined) return known()
  if (error.status !== undefined && error.status < 500)
    return new Refusal('bad_request', error.message, { cause: error })
  return undefined
}

/** Codes of the catalog that blame what the caller sent. */
const callersFault: ReadonlySet<string> = new Set(['bad_cursor', 'catalog_bad_value'])

function fromWarrenError(error: WarrenError): Refusal | undefined {
  if (error.disposition === 'retry')
    return new Refusal('unavailable', error.message, {
      retryAfterS: Math.ceil((error.retryAfterMs ?? 5000) / 1000),
      cause: error,
    })
  if (error.code === 'not_supported')
    return new Refusal('not_available', error.message, { cause: error })
  if (error.code === 'answer_too_large')
    return new Refusal('answer_too_large', error.message, { cause: error })
  if (error.code === 'sender_exists')
    return new Refusal('conflict', error.message, { cause: error })
  return callersFault.has(error.code)
    ? new Refusal('invalid', error.message, { cause: error })
    : undefined
}

function toKnown(error: unknown): Refusal | undefined {
  if (error instanceof WarrenError) return fromWarrenError(error)
  return error instanceof Error ? fromHttpError(error) : undefined
}

/** Any error as the refusal it is answered with; what is not expected is `internal`, its text stays in the log. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  return (
    toKnown(error) ?? new Refusal('internal', 'see the log for this request id', { cause: error })
  )
}

/** Headers that every refusal has, whatever the shape of its body. */
export function setRefusalHeaders(response: ServerResponse, refusal: Refusal): void {
  if (refusal.retryAfterS !== undefined)
    response.setHeader('Retry-After', String(refusal.retryAfterS))
  // Not Basic: a browser would open its own window over the console.
  if (refusal.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="warren"')
  response.setHeader('Cache-Control', 'no-store')
}

export interface ProblemOptions {
  /** Prefix of `/docs/errors/<code>`. */
  readonly basePath: string
  readonly log: Log
}

export function logIfInternal(log: Log, refusal: Refusal, requestId: string): void {
  if (refusal.code !== 'internal') return
  const { cause } = refusal
  const stack = cause instanceof Error ? cause.stack : undefined
  log.error('a request failed', { requestId, error: reasonOf(cause), stack })
}

/** Answers errors as RFC 9457 problems. */
export function answerProblems({ basePath, log }: ProblemOptions): ErrorRequestHandler {
  return onError((error, response) => {
    const refusal = toRefusal(error)
    const requestId = requestIdOf(response)
    logIfInternal(log, refusal, requestId)
    setRefusalHeaders(response, refusal)
    const problem: Problem = {
      type: `${basePath}/docs/errors/${refusal.code}`,
      title: errorCodes[refusal.code].title,
      status: refusal.status,
      detail: refusal.message,
      code: refusal.code,
      requestId,
      ...(refusal.errors === undefined ? {} : { errors: [...refusal.errors] }),
    }
    response.status(refusal.status).type('application/problem+json').send(JSON.stringify(problem))
  })
}
