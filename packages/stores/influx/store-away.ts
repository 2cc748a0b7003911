import { WarrenError } from '@warren/platform/errors'
import { parseRetryAfter } from '../retry-after.ts'

/** An answer that took nothing, whatever was asked. */
export interface Refusal {
  /** Host and port: what the operator looks for. */
  readonly host: string
  readonly status: number
  readonly text: string
  readonly retryAfter?: string | undefined
}

/** An answer that says nothing about the items sent: the caller waits and asks again, also where only an operator can help. */
export function awayError({ host, status, text, retryAfter }: Refusal, nowMs: number): WarrenError {
  const retryAfterMs = parseRetryAfter(retryAfter, nowMs)
  const credentials = status === 401 || status === 403
  const code = credentials
    ? 'store_refused_credentials'
    : status === 429 || status === 503
      ? 'store_overloaded'
      : 'store_unavailable'
  const what = credentials ? 'refuses our credentials' : 'cannot take this now'
  return new WarrenError(`InfluxDB at ${host} ${what}: ${status} ${text.slice(0, 300)}`.trim(), {
    code,
    disposition: 'retry',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** No answer at all: no connection, a cut one, or none in time. */
export function unreachableError(host: string, why: string, cause: unknown): WarrenError {
  return new WarrenError(`InfluxDB at ${host} ${why}`, {
    code: 'store_unavailable',
    disposition: 'retry',
    cause,
  })
}
