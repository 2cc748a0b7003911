import { databaseOf, publicDatabase } from '@warren/contracts/names'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import { awayError, unreachableError } from '../../influx/store-away.ts'
import type { FluxAnswer, FluxQuestion } from '../../metric-flux.ts'
import type { Reader } from './reader.ts'

/** Of an answer that is an error. */
const maxErrorBytes = 64 * 1024

/** `POST /api/v2/query`, https://docs.influxdata.com/influxdb/v2/api/v2/#operation/PostQuery. Throws a `WarrenError` when the store cannot answer now. */
export async function askFlux(reader: Reader, question: FluxQuestion): Promise<FluxAnswer> {
  const { host } = reader
  const response = await send(reader, question)
  const body = response.body as AsyncIterable<Uint8Array> | null
  if (response.status === 200 && body !== null) return { kind: 'csv', body }
  const text = body === null ? '' : await readError(body, host)
  const message = messageIn(text)
  const isOurs = ![401, 403, 408, 429].includes(response.status) && response.status < 500
  if (isOurs && response.status >= 400)
    return {
      kind: 'refused',
      status: response.status,
      message: message.replaceAll(databaseOf(question.tenant), publicDatabase),
    }
  const retryAfter = response.headers.get('retry-after') ?? undefined
  throw awayError({ host, status: response.status, text: message, retryAfter }, Date.now())
}

async function send(
  { baseUrl, host, headers, org, queryTimeoutMs }: Reader,
  { program, dialect, now, signal }: FluxQuestion,
): Promise<Response> {
  const deadline = AbortSignal.timeout(queryTimeoutMs)
  try {
    return await fetch(`${baseUrl}/api/v2/query?org=${encodeURIComponent(org)}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/csv' },
      body: JSON.stringify({ query: program, type: 'flux', dialect, now }),
      signal: AbortSignal.any([signal, deadline]),
    })
  } catch (error) {
    if (signal.aborted)
      throw new WarrenError('the query was cancelled', {
        ...{ code: 'cancelled', disposition: 'reject', cause: error },
      })
    if (deadline.aborted)
      throw unreachableError(host, `did not answer within ${queryTimeoutMs} ms`, error)
    // fetch says only "fetch failed"; its cause says why.
    const cause = error instanceof Error ? (error.cause ?? error) : error
    throw unreachableError(host, `cannot be reached: ${reasonOf(cause)}`, error)
  }
}

/** What is too long for an error is none that we know. */
async function readError(body: AsyncIterable<Uint8Array>, host: string): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const part of body) {
      bytes += part.length
      if (bytes > maxErrorBytes) return ''
      parts.push(part)
    }
  } catch (error) {
    throw unreachableError(host, `cut its answer: ${reasonOf(error)}`, error)
  }
  return Buffer.concat(parts).toString()
}

/** `{"code":…,"message":…}`, or whatever stood between. */
function messageIn(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed)
      return String(parsed.message)
  } catch {
    return text.slice(0, 300)
  }
  return text.slice(0, 300)
}
