import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '@warren/platform/log'
import { takeParsed } from '@warren/stores/answer-share'
import type { Principal } from '../../auth/principal.ts'
import { acceptsGzip } from '../../http/accepts-gzip.ts'
import { signalOf } from '../ask-store.ts'
import { type Asker, askerOf } from '../asker.ts'
import { printCacheUse } from '../cache/cache-use.ts'
import { beginRecord, failedWith, type NoteQuery } from '../insights/record.ts'
import type { QueryLimiter } from '../limits/charge-query.ts'
import type { LiveLimits } from '../limits/live-limits.ts'
import { rateLimitHeaders, setRateLimits } from '../limits/standing.ts'
import { holdWhile } from '../memory/hold-while.ts'
import type { RoomShare } from '../memory/room-share.ts'
import { minPackedBytes } from '../send-body.ts'
import { cutWhenSlow, sendPieces } from '../send-pieces.ts'
import type { Trail } from '../trail.ts'
import { type AnswerType, acceptedType } from './accepted-type.ts'
import { compress } from './answer-body.ts'
import { type AnswerChainOptions, answerChain } from './answer-chain.ts'
import type { AnswerQuery, MetricAnswer } from './answer-query.ts'
import { BodyBytes } from './body-bytes.ts'
import { requireSize } from './encode.ts'
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
  readonly content: Content
  readonly shape: Shape
}

/** A body, in one piece where it is not large. */
type Content = BodyBytes | readonly Uint8Array[]

const isLarge = (content: Content): content is readonly Uint8Array[] => Array.isArray(content)

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
    const { noteQuery, limiter, deadlineMs, room } = this.#options
    const signal = signalOf(response, deadlineMs)
    const share = room.open({ signal })
    const asker = askerOf(request.headers, { principal, requestId, signal, share })
    const endRecord = beginRecord('influxql', asker)
    try {
      const { read, shape } = this.#toRead(call, asker.trail)
      const answer = await this.#run(read, asker)
      holdWhile(response, answer.share ?? share)
      const answered = await this.#toShape(answer, shape, share)
      // What was taken for the shape alone.
      if (answer.share !== undefined) holdWhile(response, share)
      await this.#send(call, asker, answered)
      // The answer is on its way: nobody waits for what follows.
      limiter.giveBack(asker, asker.trail.cost - asker.trail.askedCost)
      noteQuery(endRecord({ rows: answer.body.rows, bytes: bytesOf(answered.content) }))
    } catch (thrown) {
      const error = share.explain(thrown)
      noteQuery(endRecord(failedWith(error)))
      // Of its own it has nothing to send.
      share.release()
      // Half an answer is cut: it must not look like one, and there is no place for a reason in it.
      if (response.headersSent) {
        response.destroy()
        return
      }
      setRateLimits(response, asker.trail.standings)
      throw error
    }
  }

  /** What the call asks, to be read; on record is how it is written, until it has been. */
  #toRead({ request, address, form, principal }: QueryCall, trail: Trail) {
    const type = acceptedType(request.headers)
    const { now = Date.now } = this.#options
    const nowNs = BigInt(now()) * 1_000_000n
    const mayBeKnown = form === undefined && type === 'application/json'
    const known = mayBeKnown ? this.#stencils.read(address, principal, nowNs) : undefined
    if (known !== undefined) return { read: () => known, shape: { type, pretty: false } }
    const { pretty, ...parameters } = readParameters(address, form)
    trail.text = () => parameters.text
    // CSV has nanoseconds where no unit is asked for.
    const epoch = parameters.epoch ?? (type === 'application/json' ? undefined : 'ns')
    const asked = { ...parameters, pretty, epoch }
    return { read: () => readQuery(asked, principal, nowNs), shape: { type, pretty } }
  }

  async #run(read: () => ReadQuery, asker: Asker): Promise<MetricAnswer> {
    const { limiter, limits, rollups, price } = this.#options
    const options = { answerQuery: this.#answerQuery, limiter, limits, rollups, price }
    const answer = await runQuery(read(), asker, options)
    const { trail } = asker
    if (answer.cache !== undefined) trail.cache = answer.cache.state
    trail.resolution = answer.resolution
    return answer
  }

  /** The answer as bytes; what they are made of is given up. */
  async #toShape(answer: MetricAnswer, shape: Shape, own: RoomShare): Promise<Answered> {
    const content = await contentOf(answer, shape, {
      maxBytes: this.#options.maxAnswerBytes,
      share: own,
    })
    answer.share?.settle(bytesOf(answer.body.pieces ?? content))
    own.settle(bytesOf(content))
    return { answer, content, shape }
  }

  async #send(
    { request, response, headers = [] }: QueryCall,
    { trail }: Asker,
    answered: Answered,
  ): Promise<void> {
    const { answer, content, shape } = answered
    const isPacked = bytesOf(content) >= minPackedBytes && acceptsGzip(request.headers)
    const { cache, resolution } = answer
    const isInPieces = isLarge(content)
    const bytes = isPacked && !isInPieces ? await this.#packed(answer, content, shape) : content
    const all = [
      ...headers,
      ...['Content-Type', `${shape.type}; charset=utf-8`],
      ...contentHeaders,
      ...rateLimitHeaders(trail.standings),
    ]
    // What is packed as it goes is of no known length.
    if (!isPacked || !isInPieces) all.push('Content-Length', String(bytesOf(bytes)))
    if (cache !== undefined) all.push('X-Warren-Cache', printCacheUse(cache))
    if (resolution !== undefined) all.push('X-Warren-Resolution', resolution)
    if (isPacked) all.push('Content-Encoding', 'gzip')
    response.writeHead(200, all)
    const { deadlineMs } = this.#options
    if (isLarge(bytes)) {
      await sendPieces(response, bytes, { isPacked, deadlineMs })
      return
    }
    bytes.end(response)
    cutWhenSlow(response, bytes.length, deadlineMs)
  }

  #packed({ body }: MetricAnswer, plain: BodyBytes, { type, pretty }: Shape): Promise<BodyBytes> {
    const encoding = { pretty, maxBytes: this.#options.maxAnswerBytes }
    return type === 'application/json' ? body.gzipped(encoding) : compress(plain)
  }
}

const bytesOf = (content: Content): number =>
  isLarge(content) ? content.reduce((sum, { length }) => sum + length, 0) : content.length

interface ShapeOptions {
  readonly maxBytes: number
  readonly share: RoomShare
}

/** Answers are kept as JSON: what is CSV is made of that. */
async function contentOf(
  { body }: MetricAnswer,
  { type, pretty }: Shape,
  { maxBytes, share }: ShapeOptions,
): Promise<Content> {
  const isPlain = type === 'application/json' && !pretty
  if (isPlain && body.pieces !== undefined) {
    requireSize(body.bytes, maxBytes)
    return body.pieces
  }
  // Indented it takes several times as much, and so do the rows that CSV is made of.
  if (!isPlain) await takeParsed(share, body.bytes)
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
