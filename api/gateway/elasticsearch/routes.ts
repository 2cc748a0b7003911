import { clusterHealth, clusterInfo } from '@warren/contracts/elasticsearch-cluster'
import type { Health } from '@warren/contracts/http/status'
import type { Log } from '@warren/platform/log'
import { onError } from '@warren/platform/on-error'
import { malformed, SearchError } from '@warren/searchdsl/errors'
import { toExpressions } from '@warren/searchdsl/parse/msearch'
import { parseSearchText } from '@warren/searchdsl/parse/search'
import { decodeBody } from '@warren/searchdsl/read/decode-body'
import type { SearchRequest } from '@warren/searchdsl/tree'
import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express'
import type { Registry } from 'prom-client'
import type { Authenticate } from '../../auth/authenticate.ts'
import type { Principal } from '../../auth/principal.ts'
import { logIfInternal, setRefusalHeaders, toRefusal } from '../../http/problem.ts'
import { requestIdOf } from '../../http/trace.ts'
import { admitLimitedReader } from '../admit-reader.ts'
import { signalOf } from '../ask-store.ts'
import { type Asker, askerOf } from '../asker.ts'
import { printCacheUse, worstOf } from '../cache/cache-use.ts'
import { countAnswers } from '../cache/count-answers.ts'
import type { WholeAnswers } from '../cache/whole/asked-once.ts'
import { cachedSearch } from '../cache/whole/cached-search.ts'
import { setRateLimits } from '../limits/standing.ts'
import type { AnswerRoom } from '../memory/answer-room.ts'
import { holderOf } from '../memory/hold-while.ts'
import type { RoomShare } from '../memory/room-share.ts'
import { type BodyPiece, sendBody, sizeOfPieces } from '../send-body.ts'
import { type AnswerSearch, type AskSearch, askedEachTime } from './answer-search.ts'
import { type Endpoint, type EndpointName, endpointOf } from './endpoint.ts'
import { named, toFailure } from './failure.ts'
import { type ListingName, recordedListing } from './listings.ts'
import { longBodyOf, takeLongBody, watchLongBodies } from './long-body.ts'
import { aroundAnswers, runMsearch } from './msearch.ts'
import { parsePath } from './path.ts'
import {
  type Piece,
  type RecordedSearchOptions,
  recordedSearch,
  SearchReply,
} from './recorded-search.ts'
import { askLogs } from './search-one.ts'
import { type UnreadSearch, unreadSearch } from './unread-search.ts'
import { readParameters } from './url-parameters.ts'

/** Larger than what the parser takes, so that its refusal is the one that is read. */
const maxBodyBytes = 8 * 1024 * 1024

export interface ElasticsearchGatewayOptions extends Omit<RecordedSearchOptions, 'answerSearch'> {
  readonly authenticate: Authenticate
  /** The log store's, as last looked at. */
  readonly logStoreState: () => Health['state']
  readonly deadlineMs: number
  readonly room: AnswerRoom
  /** Absent: the cache is off. */
  readonly kept: WholeAnswers | undefined
  readonly metrics: Registry
}

interface Call {
  readonly request: Request
  readonly endpoint: Endpoint
  readonly asker: Asker
  /** Keeps the memory of an answer that others have, too, until this one is over. */
  readonly hold: (share: RoomShare) => void
  readonly options: ElasticsearchGatewayOptions & Pick<RecordedSearchOptions, 'answerSearch'>
}

interface Reply {
  readonly status: number
  readonly pieces: readonly BodyPiece[]
  /** None: nobody searched. */
  readonly searches?: readonly Piece[]
}

const bodyOf = ({ request }: Call): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)

const json = (value: unknown, status = 200): Reply => ({
  status,
  pieces: [{ bytes: Buffer.from(JSON.stringify(value)), isShared: false }],
})

function attempt(read: () => unknown): unknown {
  try {
    read()
    return undefined
  } catch (error) {
    return error
  }
}

async function msearch(call: Call): Promise<Reply> {
  const started = performance.now()
  const { request, endpoint, asker, hold, options } = call
  const long = longBodyOf(request)
  const refusal = long?.refusal ?? attempt(() => readParameters(request, endpoint.name))
  const reply = new SearchReply('_msearch', options.maxAnswerBytes, hold)
  const body = long?.start ?? bodyOf(call)
  const asked = { body, lines: long?.lines, index: endpoint.index, refusal }
  const searches = await runMsearch(asked, asker, { ...options, reply })
  const tookMs = Math.round(performance.now() - started)
  return { status: 200, pieces: aroundAnswers(searches, tookMs), searches }
}

type ReadSearch = { readonly request: SearchRequest } | Pick<UnreadSearch, 'failure'>

function readSearch(text: string): ReadSearch {
  try {
    return { request: parseSearchText(text) }
  } catch (error) {
    if (error instanceof SearchError) return { failure: toFailure(error) }
    throw error
  }
}

async function search(call: Call): Promise<Reply> {
  const { endpoint, asker, hold, options } = call
  readParameters(call.request, endpoint.name)
  const text = decodeBody(bodyOf(call))
  const indices = toExpressions(endpoint.index ?? '')
  const reply = new SearchReply('_search', options.maxAnswerBytes, hold)
  const read = readSearch(text.trim() === '' ? '{}' : text)
  const piece =
    'failure' in read
      ? unreadSearch({ ...read, text }, asker, options)
      : await recordedSearch({ indices, ...read }, asker, { ...options, reply })
  return { status: piece.status, pieces: [piece], searches: [piece] }
}

const listing =
  (name: ListingName) =>
  async (call: Call): Promise<Reply> => {
    const bytes = await recordedListing(name, { ...call, body: bodyOf(call) })
    return { status: 200, pieces: [{ bytes, isShared: false }] }
  }

const replies: Readonly<Record<EndpointName, (call: Call) => Promise<Reply>>> = {
  info: async ({ request }) => {
    readParameters(request, 'info')
    return json(clusterInfo)
  },
  health: async ({ request, options }) => {
    readParameters(request, 'health')
    return json(clusterHealth(options.logStoreState()))
  },
  msearch,
  search,
  fieldCaps: listing('fieldCaps'),
  mapping: listing('mapping'),
  resolve: listing('resolve'),
}

/** JSON in any of its names; a form or plain text could come from another site's page. */
function requireJson(request: Request): void {
  const type = request.get('content-type') ?? ''
  const hasBody = Buffer.isBuffer(request.body) && request.body.length > 0
  if (hasBody && !/^application\/(vnd\.elasticsearch\+)?(x-nd)?json\b/i.test(type))
    throw malformed(`Content-Type header [${type}] is not supported`)
}

/** As the first of the router's handlers found. */
const principalOf = ({ locals }: Response): Principal => locals['principal'] as Principal

/** Before the log store: what was searched for a moment ago, where the cache is on. */
function toAnswerSearch(options: ElasticsearchGatewayOptions): AnswerSearch {
  const { kept, room, now, metrics } = options
  const ask: AskSearch = (search, asker) => askLogs(search, asker, options)
  if (kept === undefined) return askedEachTime(ask)
  return cachedSearch(ask, { ...{ kept, room, now }, onAnswer: countAnswers(metrics, 'log') })
}

async function send(
  response: Response,
  { status, pieces, searches = [] }: Reply,
  deadlineMs: number,
): Promise<void> {
  const use = worstOf(searches.flatMap((piece) => piece.use ?? []))
  if (use !== undefined) response.set('X-Warren-Cache', printCacheUse(use))
  response.status(status).type('application/json')
  try {
    await sendBody(response, pieces, deadlineMs)
  } catch (error) {
    // Half an answer is cut: it must not look like one, and there is no place for a reason in it.
    if (!response.headersSent && !response.destroyed) throw error
    response.destroy()
  }
}

function answer(options: ElasticsearchGatewayOptions): RequestHandler {
  const asking = { ...options, answerSearch: toAnswerSearch(options) }
  return async (request: Request, response: Response) => {
    const endpoint = endpointOf(request.method, parsePath(request.path))
    requireJson(request)
    const long = longBodyOf(request)
    if (long !== undefined && endpoint.name !== 'msearch') throw long.refusal
    const signal = signalOf(response, options.deadlineMs)
    const principal = principalOf(response)
    const requestId = requestIdOf(response)
    const share = options.room.open({ signal })
    // What was read of it may be gone before anything is sent.
    const hold = holderOf(response, share)
    const asker = askerOf(request.headers, { principal, requestId, signal, share })
    const call = { request, endpoint, asker, hold, options: asking }
    const reply = await replies[endpoint.name](call).finally(() =>
      setRateLimits(response, asker.trail.standings),
    )
    share.settle(sizeOfPieces(reply.pieces.filter(({ isShared }) => !isShared)))
    await send(response, reply, options.deadlineMs)
  }
}

function answerErrors(log: Log): ErrorRequestHandler {
  return onError((error, response) => {
    const requestId = requestIdOf(response)
    const failure = named(toFailure(error), requestId)
    if (!(error instanceof SearchError)) {
      const refusal = toRefusal(error)
      logIfInternal(log, refusal, requestId)
      setRefusalHeaders(response, refusal)
    }
    response.status(failure.status).type('application/json').send(JSON.stringify(failure))
  })
}

/** The part of Elasticsearch's HTTP interface that reads: see `endpoint.ts`. */
export function elasticsearchGateway(options: ElasticsearchGatewayOptions): Router {
  const router = Router({ caseSensitive: true })
  router.use((_, response, next) => {
    response.set('X-Elastic-Product', 'Elasticsearch')
    next()
  })
  router.use(async (request, response, next) => {
    response.locals['principal'] = await admitLimitedReader(options.authenticate, request)
    next()
  })
  router.use(watchLongBodies(maxBodyBytes))
  router.use(express.raw({ type: () => true, limit: maxBodyBytes }), takeLongBody)
  router.use(answer(options))
  router.use(answerErrors(options.log))
  return router
}
