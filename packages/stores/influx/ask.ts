import type { StatementResult } from '@warren/influxql/answers/result'
import type { WarrenError } from '@warren/platform/errors'
import type { AnswerBytes } from '../answer-bytes.ts'
import { type AnswerShare, takeParsed } from '../answer-share.ts'
import type { HttpAnswer } from '../http/sender.ts'
import { exchange, type InfluxConnection } from './exchange.ts'
import { parseExactly } from './parse-exactly.ts'
import { readSelectBytes } from './select-bytes.ts'
import { awayError } from './store-away.ts'

export interface Question {
  readonly text: string
  readonly database?: string
  readonly epoch?: string | undefined
  readonly signal?: AbortSignal
  /** What the answer takes of the memory for answers. */
  readonly share?: AnswerShare | undefined
  /** Of one SELECT: without these tags its answer comes as bytes, where it is whole. Absent: every answer is parsed. */
  readonly withoutTags?: ReadonlySet<string> | undefined
}

/** `/query`, https://docs.influxdata.com/influxdb/v1/tools/api/#query-http-endpoint: the results as they are, or the one error of a text that did not parse. */
export async function ask(connection: InfluxConnection, question: Question): Promise<Answer> {
  const read = await askText(connection, question)
  const { status, headers, pieces } = read
  const { withoutTags } = question
  const asBytes =
    status === 200 && withoutTags !== undefined
      ? await readSelectBytes(pieces, withoutTags)
      : undefined
  if (asBytes !== undefined) return { results: [], asBytes }
  await takeParsed(question.share, bytesOf(pieces))
  const body = read.body.toString()
  const answer = parseAnswer(body)
  // 400: the text did not parse; 200: errors are inside the results.
  if (status !== 200 && status !== 400) throw away(status, answer?.error ?? body)
  if (answer === undefined || (status === 400 && answer.error === undefined))
    throw away(status, body)
  const overload = [answer.error, ...answer.results.map(({ error }) => error)].find(isOverload)
  if (overload !== undefined) throw away(503, overload)
  return answer

  function away(status: number, text: string): WarrenError {
    const retryAfter = headers['retry-after']
    return awayError({ host: connection.host, status, text, retryAfter }, Date.now())
  }
}

export interface Answer {
  readonly results: readonly StatementResult[]
  readonly error?: string
  /** Instead of results. */
  readonly asBytes?: AnswerBytes
}

const bytesOf = (pieces: readonly Buffer[]): number =>
  pieces.reduce((sum, { length }) => sum + length, 0)

/** Said by the server about itself, with status 200 (1.6 to 1.8: query/executor.go, tsdb/engine.go). */
const isOverload = (error: string | undefined): boolean =>
  error !== undefined &&
  /^(max-concurrent-queries limit exceeded|engine is closed|shard is disabled|timeout$)/.test(error)

const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' }

function askText(connection: InfluxConnection, question: Question): Promise<HttpAnswer> {
  const { text, database, epoch, signal, share } = question
  // `URLSearchParams` takes three times as long. As there, half a character becomes U+FFFD.
  let body = `q=${encodeURIComponent(text.toWellFormed())}`
  if (database !== undefined) body += `&db=${encodeURIComponent(database)}`
  if (epoch !== undefined) body += `&epoch=${epoch}`
  const request = { path: '/query', headers: formHeaders, body }
  return exchange(connection, { ...request, signal, share })
}

function parseAnswer(body: string): Answer | undefined {
  try {
    const parsed = parseExactly(body) as { results?: StatementResult[]; error?: string } | null
    if (typeof parsed !== 'object' || parsed === null) return undefined
    if (parsed.results === undefined && parsed.error === undefined) return undefined
    return { ...parsed, results: parsed.results ?? [] }
  } catch {
    return undefined
  }
}
