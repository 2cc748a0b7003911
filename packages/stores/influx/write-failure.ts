import { HttpError } from '@influxdata/influxdb-client'
import { reasonOf, type WarrenError } from '@warren/platform/errors'
import type { LineSender, LineTarget } from './line-sender.ts'
import { awayError, unreachableError } from './store-away.ts'

/** Why one write request failed. */
export type WriteFailure =
  /** The answer blames lines; some of the others may be stored. */
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'too large' }
  | { readonly kind: 'not found'; readonly text: string }
  | { readonly kind: 'away'; readonly error: WarrenError }

/** Sends the lines once; resolves to why that failed, or undefined when they are durable. */
export async function trySend(
  sender: LineSender,
  path: string,
  lines: string,
): Promise<WriteFailure | undefined> {
  try {
    await sender.send(path, lines)
    return undefined
  } catch (error) {
    return toWriteFailure(error, sender.target)
  }
}

/** InfluxDB 1.x says `{"error": text}`, 2.x `{"code": …, "message": text}`; 2.x also uses 422 for partial writes. */
function toWriteFailure(error: unknown, { url, timeoutMs }: LineTarget): WriteFailure {
  const { host } = new URL(url)
  if (!(error instanceof HttpError))
    return { kind: 'away', error: noAnswer(host, timeoutMs, error) }
  const text = textOf(error)
  const blames = error.statusCode === 400 || error.statusCode === 422
  // A 400 without InfluxDB's own body comes from something in between, which cannot judge lines.
  if (blames && text !== undefined) return { kind: 'refused', text }
  if (error.statusCode === 413) return { kind: 'too large' }
  if (error.statusCode === 404) return { kind: 'not found', text: text ?? error.message }
  const refusal = {
    host,
    status: error.statusCode,
    text: text ?? error.body ?? '',
    retryAfter: headerOf(error, 'retry-after'),
  }
  return { kind: 'away', error: awayError(refusal, Date.now()) }
}

function noAnswer(host: string, timeoutMs: number, error: unknown): WarrenError {
  const late =
    error instanceof Error && /abort|timed out|timeout/i.test(`${error.name} ${error.message}`)
  const why = late
    ? `did not answer within ${timeoutMs} ms`
    : `cannot be reached: ${reasonOf(error)}`
  return unreachableError(host, why, error)
}

function textOf({ json }: HttpError): string | undefined {
  const body: unknown = json
  if (typeof body !== 'object' || body === null) return undefined
  const { error, message } = body as { error?: unknown; message?: unknown }
  if (typeof error === 'string') return error
  return typeof message === 'string' ? message : undefined
}

function headerOf({ headers }: HttpError, name: string): string | undefined {
  const value = headers?.[name]
  return Array.isArray(value) ? value[0] : value
}
