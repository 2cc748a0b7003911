import { reasonOf, type WarrenError } from '@warren/platform/errors'
import type { HttpAnswer } from '../http/sender.ts'
import type { LineSender, LineTarget } from './line-sender.ts'
import { awayError, unreachableError } from './store-away.ts'

/** What became of one write request. */
export type WriteResult =
  /** Every line is durable; `isSent` as in `HttpAnswer`. */
  { readonly kind: 'stored'; readonly isSent: boolean } | WriteFailure

/** Why one write request failed. */
export type WriteFailure =
  /** The answer blames lines; some of the others may be stored. */
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'too large' }
  | { readonly kind: 'not found'; readonly text: string }
  | { readonly kind: 'away'; readonly error: WarrenError }

/** Sends the lines once. */
export async function trySend(
  sender: LineSender,
  path: string,
  lines: readonly Uint8Array[],
): Promise<WriteResult> {
  const { host } = new URL(sender.target.url)
  try {
    const answer = await sender.send(path, lines)
    const { status, isSent } = answer
    return status >= 200 && status < 300 ? { kind: 'stored', isSent } : toWriteFailure(answer, host)
  } catch (error) {
    return { kind: 'away', error: noAnswer(host, sender.target, error) }
  }
}

/** InfluxDB 1.x says `{"error": text}`, 2.x `{"code": …, "message": text}`; 2.x also uses 422 for partial writes. */
function toWriteFailure({ status, headers, body }: HttpAnswer, host: string): WriteFailure {
  const text = textOf(body)
  // A 400 without InfluxDB's own body comes from something in between, which cannot judge lines.
  if ((status === 400 || status === 422) && text !== undefined) return { kind: 'refused', text }
  if (status === 413) return { kind: 'too large' }
  if (status === 404) return { kind: 'not found', text: text ?? `HTTP ${status}` }
  const retryAfter = headers['retry-after']
  const refusal = { host, status, text: text ?? body.toString(), retryAfter }
  return { kind: 'away', error: awayError(refusal, Date.now()) }
}

function noAnswer(host: string, { timeoutMs }: LineTarget, error: unknown): WarrenError {
  const late =
    error instanceof Error && /abort|timed out|timeout/i.test(`${error.name} ${error.message}`)
  const why = late
    ? `did not answer within ${timeoutMs} ms`
    : `cannot be reached: ${reasonOf(error)}`
  return unreachableError(host, why, error)
}

function textOf(body: Buffer): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString())
    if (typeof parsed !== 'object' || parsed === null) return undefined
    const { error, message } = parsed as { error?: unknown; message?: unknown }
    if (typeof error === 'string') return error
    return typeof message === 'string' ? message : undefined
  } catch {
    return undefined
  }
}
