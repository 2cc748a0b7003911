import type { StatementResult } from '@warren/influxql/result'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import type { AnswerBytes } from '../answer-bytes.ts'
import { type AnswerShare, takeParsed } from '../answer-share.ts'
import type { HttpAnswer, HttpSender } from '../http/sender.ts'
import { parseExactly } from './parse-exactly.ts'
import { readSelectBytes } from './select-bytes.ts'
import { awayError, unreachableError } from './store-away.ts'

/** Where InfluxQL is asked, and as whom. */
export interface InfluxqlConnection {
  readonly host: string
  readonly headers: Readonly<Record<string, string>>
  readonly queryTimeoutMs: number
  /** To the server; shared by all who ask it. */
  readonly asking: Pick<HttpSender, 'send'>
}

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
export async function ask(connection: InfluxqlConnection, question: Question): Promise<Answer> {
  const read = await exchange(connection, question)
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

async function exchange(connection: InfluxqlConnection, question: Question): Promise<HttpAnswer> {
  const { asking, headers, host, queryTimeoutMs } = connection
  const { text, database, epoch, signal, share } = question
  const form = new URLSearchParams({ q: text })
  if (database !== undefined) form.set('db', database)
  if (epoch !== undefined) form.set('epoch', epoch)
  try {
    return await asking.send({
      method: 'POST',
      path: '/query',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      timeoutMs: queryTimeoutMs,
      ...{ signal, share },
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
