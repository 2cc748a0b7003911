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
import { holdWhile } from '../memory/hold-while.ts'
import type { RoomShare } from '../memory/room-share.ts'
import { minPackedBytes } from '../send-body.ts'
import { cutWhenSlow, sendPieces } from '../send-pieces.ts'
import type { Trail } from '../trail.ts'
import { type AnswerChainOptions, answerChain } from './answer-chain.ts'
import type { MetricAnswer } from './answer-query.ts'
import { acceptedType } from './body/accepted-type.ts'
import { compress } from './body/answer-body.ts'
import type { BodyBytes } from './body/body-bytes.ts'
import {
  type Content,
  contentOf,
  heldBytesOf,
  isLong,
  isPlain,
  type Shape,
} from './body/content.ts'
import { readParameters } from './read/parameters.ts'
import { type ReadQuery, type Rights, readQuery } from './read/read-query.ts'
import { Stencils } from './read/stencils.ts'
import { type RunQueryOptions, runQuery } from './run-query.ts'
import type { SeriesNameUsers } from './series-name-users.ts'

export interface QueryOptions extends AnswerChainOptions {
  readonly noteQuery: NoteQuery
  readonly limiter: QueryLimiter
  readonly limits: Pick<LiveLimits, 'of'>
  readonly seriesNameUsers: SeriesNameUsers
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
  readonly takesGzip: boolean
}

class Queries {
  readonly #stencils = new Stencils()
  readonly #options: QueryOptions
  readonly #running: RunQueryOptions

  constructor(options: QueryOptions) {
    const { limiter, limits, rollups, price } = options
    this.#options = options
    const answerQuery = answerChain(options)
    this.#running = { answerQuery, limiter, fit: { limits, rollups, price } }
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
      const answered = await this.#toShape(answer, shape, { call, share })
      // What was taken for the shape alone.
      if (answer.share !== undefined) holdWhile(response, share)
      await this.#send(call, asker, answered)
      // The answer is on its way: nobody waits for what follows.
      noteQuery(endRecord({ rows: answer.body.rows, bytes: answered.content.length }))
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
    } finally {
      // Also of one that failed, or never had its turn.
      limiter.giveBack(asker, asker.trail.cost - asker.trail.askedCost)
    }
  }

  /** What the call asks, to be read; on record is how it is written, until it has been. */
  #toRead({ request, address, form, principal }: QueryCall, trail: Trail) {
    const type = acceptedType(request.headers)
    const { now = Date.now } = this.#options
    const nowNs = BigInt(now()) * 1_000_000n
    const rights = this.#rightsOf(principal)
    const mayBeKnown = form === undefined && type === 'application/json'
    const known = mayBeKnown ? this.#stencils.read(address, rights, nowNs) : undefined
    if (known !== undefined) return { read: () => known, shape: { type, pretty: false } }
    const { pretty, ...parameters } = readParameters(address, form)
    trail.text = () => parameters.text
    // CSV has nanoseconds where no unit is asked for.
    const epoch = parameters.epoch ?? (type === 'application/json' ? undefined : 'ns')
    const asked = { ...parameters, pretty, epoch }
    return { read: () => readQuery(asked, rights, nowNs), shape: { type, pretty } }
  }

  #rightsOf({ tenant, deployments }: Principal): Rights {
    return { tenant, deployments, hasSeriesNames: this.#options.seriesNameUsers.has(tenant) }
  }

  async #run(read: () => ReadQuery, asker: Asker): Promise<MetricAnswer> {
    const answer = await runQuery(read(), asker, this.#running)
    const { trail } = asker
    if (answer.cache !== undefined) trail.cache = answer.cache.state
    trail.resolution = answer.resolution
    return answer
  }

  /** The answer as bytes; what they are made of is given up. */
  async #toShape(
    answer: MetricAnswer,
    shape: Shape,
    { call: { request }, share: own }: { readonly call: QueryCall; readonly share: RoomShare },
  ): Promise<Answered> {
    const { body } = answer
    const maxBytes = this.#options.maxAnswerBytes
    const takesGzip = acceptsGzip(request.headers)
    const content = await contentOf(body, shape, { maxBytes, isPacked: takesGzip, share: own })
    answer.share?.settle(body.pieces === undefined ? heldBytesOf(content) : body.bytes)
    own.settle(heldBytesOf(content))
    return { answer, content, shape, takesGzip }
  }

  async #send(
    { response, headers = [] }: QueryCall,
    { trail }: Asker,
    answered: Answered,
  ): Promise<void> {
    const { answer, content, shape, takesGzip } = answered
    const isPacked = content.length >= minPackedBytes && takesGzip
    const { cache, resolution } = answer
    const bytes =
      isPacked && !isLong(content) ? await this.#packed(answer, content, shape) : content
    const all = [
      ...headers,
      'Content-Type',
      `${shape.type}; charset=utf-8`,
      ...contentHeaders,
      ...rateLimitHeaders(trail.standings),
    ]
    // What is packed as it goes is of no known length.
    if (!isPacked || !isLong(bytes)) all.push('Content-Length', String(bytes.length))
    if (cache !== undefined) all.push('X-Warren-Cache', printCacheUse(cache))
    if (resolution !== undefined) all.push('X-Warren-Resolution', resolution)
    if (isPacked) all.push('Content-Encoding', 'gzip')
    response.writeHead(200, all)
    const { deadlineMs } = this.#options
    if (isLong(bytes)) {
      await sendPieces(response, bytes.pieces, { isPacked, deadlineMs })
      return
    }
    bytes.end(response)
    cutWhenSlow(response, bytes.length, deadlineMs)
  }

  #packed({ body }: MetricAnswer, made: BodyBytes, shape: Shape): Promise<BodyBytes> {
    if (!isPlain(shape)) return compress(made)
    return body.gzipped({ maxBytes: this.#options.maxAnswerBytes })
  }
}

const contentHeaders: readonly string[] = [
  ...['Cache-Control', 'no-store'],
  ...['Vary', 'Accept, Accept-Encoding'],
]

export function createQueries(options: QueryOptions): AnswerCall {
  const queries = new Queries(options)
  return (call) => queries.answer(call)
}
