import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '@warren/platform/log'
import type { Principal } from '../../auth/principal.ts'
import { acceptsGzip } from '../../http/accepts-gzip.ts'
import { signalOf } from '../ask-store.ts'
import { type Asker, askerOf } from '../asker.ts'
import { printCacheUse } from '../cache/cache-use.ts'
import { beginRecord, failedWith, type NoteQuery } from '../insights/record.ts'
import type { QueryLimiter } from '../limits/charge-query.ts'
import type { LiveLimits } from '../limits/live-limits.ts'
import { rateLimitHeaders, setRateLimits } from '../limits/standing.ts'
import { minPackedBytes } from '../send-body.ts'
import { type AnswerType, acceptedType } from './accepted-type.ts'
import { compress } from './answer-body.ts'
import { type AnswerChainOptions, answerChain } from './answer-chain.ts'
import type { AnswerQuery, MetricAnswer } from './answer-query.ts'
import { BodyBytes } from './body-bytes.ts'
import { csvOfJson } from './encode-csv.ts'
import { readParameters } from './parameters.ts'
import { type ReadQuery, readQuery } from './read-query.ts'
import { runQuery } from './run-query.ts'
import { Stencils } from './stencils.ts'

export interface QueryOptions extends AnswerChainOptions {
  readonly noteQuery: NoteQuery
  readonly limiter: QueryLimiter
  readonly limits: Pick<LiveLimits, 'of'>
  readonly deadlineMs: number
  readonly maxAnswerBytes: number
  readonly log: Log
}

/** One request for `/query`, of somebody who may read. */
export interface QueryCall {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly principal: Principal
  readonly requestId: string
  /** After the `?`. */
  readonly address: string
  /** Of a POST. */
  readonly form?: URLSearchParams | undefined
  /** Names and values in turn, of an answer that is none of an error. */
  readonly headers?: readonly string[]
}

/** Answers queries. Throws a `Refusal`. */
export type AnswerCall = (call: QueryCall) => Promise<void>

interface Answered {
  readonly answer: MetricAnswer
  readonly plain: BodyBytes
  readonly shape: Shape
}

/** How the bytes of an answer are to look. */
interface Shape {
  readonly type: AnswerType
  readonly pretty: boolean
}

class Queries {
  readonly #stencils = new Stencils()
  readonly #answerQuery: AnswerQuery
  readonly #options: QueryOptions

  constructor(options: QueryOptions) {
    this.#options = options
    this.#answerQuery = answerChain(options)
  }

  async answer(call: QueryCall): Promise<void> {
    const { request, response, principal, requestId } = call
    const { read, shape } = this.#toRead(call)
    const signal = signalOf(response, this.#options.deadlineMs)
    const asker = askerOf(request.headers, { principal, requestId, signal })
    const { noteQuery, limiter } = this.#options
    const endRecord = beginRecord('influxql', asker)
    try {
      const answered = await this.#run(read, asker, shape)
      await this.#send(call, asker, answered)
      // The answer is on its way: nobody waits for what follows.
      limiter.giveBack(asker, asker.trail.cost - asker.trail.askedCost)
      noteQuery(endRecord({ rows: answered.answer.body.rows, bytes: answered.plain.length }))
    } catch (error) {
      noteQuery(endRecord(failedWith(error)))
      if (!response.headersSent) setRateLimits(response, asker.trail.standings)
      throw error
    }
  }

  /** What the call asks, to be read: only its parameters are looked at before it is on record. */
  #toRead({ request, address, form, principal }: QueryCall) {
    const type = acceptedType(request.headers)
    const { now = Date.now } = this.#options
    const nowNs = BigInt(now()) * 1_000_000n
    const mayBeKnown = form === undefined && type === 'application/json'
    const known = mayBeKnown ? this.#stencils.read(address, principal, nowNs) : undefined
    if (known !== undefined) return { read: () => known, shape: { type, pretty: false } }
    const { pretty, ...parameters } = readParameters(address, form)
    // CSV has nanoseconds where no unit is asked for.
    const epoch = parameters.epoch ?? (type === 'application/json' ? undefined : 'ns')
    const asked = { ...parameters, pretty, epoch }
    return { read: () => readQuery(asked, principal, nowNs), shape: { type, pretty } }
  }

  async #run(read: () => ReadQuery, asker: Asker, shape: Shape): Promise<Answered> {
    const { limiter, limits, rollups, price, maxAnswerBytes: maxBytes } = this.#options
    const options = { answerQuery: this.#answerQuery, limiter, limits, rollups, price }
    const answer = await runQuery(read(), asker, options)
    const { trail } = asker
    if (answer.cache !== undefined) trail.cache = answer.cache.state
    trail.resolution = answer.resolution
    return { answer, plain: await toShape(answer, shape, maxBytes), shape }
  }

  async #send(
    { request, response, headers = [] }: QueryCall,
    { trail }: Asker,
    { answer, plain, shape }: Answered,
  ): Promise<void> {
    const isPacked = plain.length >= minPackedBytes && acceptsGzip(request.headers)
    const { cache, resolution } = answer
    const bytes = isPacked ? await this.#packed({ answer, plain, shape }) : plain
    const all = [
      ...headers,
      ...['Content-Type', `${shape.type}; charset=utf-8`],
      ...contentHeaders,
      ...rateLimitHeaders(trail.standings),
      ...['Content-Length', String(bytes.length)],
    ]
    if (cache !== undefined) all.push('X-Warren-Cache', printCacheUse(cache))
    if (resolution !== undefined) all.push('X-Warren-Resolution', resolution)
    if (isPacked) all.push('Content-Encoding', 'gzip')
    response.writeHead(200, all)
    bytes.end(response)
  }

  #packed({ answer: { body }, plain, shape: { type, pretty } }: Answered): Promise<BodyBytes> {
    const encoding = { pretty, maxBytes: this.#options.maxAnswerBytes }
    return type === 'application/json' ? body.gzipped(encoding) : compress(plain)
  }
}

/** Answers are kept as JSON: what is CSV is made of that. */
async function toShape(
  { body }: MetricAnswer,
  { type, pretty }: Shape,
  maxBytes: number,
): Promise<BodyBytes> {
  if (type === 'application/json') return body.encoded({ pretty, maxBytes })
  const json = await body.encoded({ pretty: false, maxBytes })
  return new BodyBytes([await csvOfJson(json.join(), maxBytes)])
}

const contentHeaders: readonly string[] = [
  ...['Cache-Control', 'no-store'],
  ...['Vary', 'Accept, Accept-Encoding'],
]

export function createQueries(options: QueryOptions): AnswerCall {
  const queries = new Queries(options)
  return (call) => queries.answer(call)
}
