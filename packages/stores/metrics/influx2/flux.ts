import { databaseOf, publicDatabase } from '@warren/contracts/names'
import type { HttpAnswer } from '../../http/sender.ts'
import { exchange } from '../../influx/exchange.ts'
import { awayError, unreachableError } from '../../influx/store-away.ts'
import type { FluxAnswer, FluxQuestion } from '../../metric-flux.ts'
import { firstLine, isAnnotatedCsv } from './annotated-csv.ts'
import type { Reader } from './reader.ts'

/** Of an answer that is an error; what is longer is none that we know. */
const maxErrorBytes = 64 * 1024

/** `POST /api/v2/query`, https://docs.influxdata.com/influxdb/v2/api/v2/#operation/PostQuery. Throws a `WarrenError` when the store cannot answer now. */
export async function askFlux(reader: Reader, question: FluxQuestion): Promise<FluxAnswer> {
  const { host } = reader
  const { status, headers, pieces, body } = await send(reader, question)
  if (status === 200) {
    if (isAnnotatedCsv(pieces, question.dialect)) return { kind: 'csv', pieces }
    const what = `answered with no whole annotated CSV: 200 ${firstLine(pieces)}`.trim()
    throw unreachableError(host, what, undefined)
  }
  const message = messageIn(body.length > maxErrorBytes ? '' : body.toString())
  const isOurs = ![401, 403, 408, 429].includes(status) && status < 500
  if (isOurs && status >= 400)
    return {
      ...{ kind: 'refused', status },
      message: message.replaceAll(databaseOf(question.tenant), publicDatabase),
    }
  const retryAfter = headers['retry-after']
  throw awayError({ host, status, text: message, retryAfter }, Date.now())
}

const headersOfFlux = { 'content-type': 'application/json', accept: 'application/csv' }

function send(
  reader: Reader,
  { program, dialect, now, signal, share }: FluxQuestion,
): Promise<HttpAnswer> {
  const path = `/api/v2/query?org=${encodeURIComponent(reader.org)}`
  const body = JSON.stringify({ query: program, type: 'flux', dialect, now })
  return exchange(reader, { path, headers: headersOfFlux, body, signal, share })
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
