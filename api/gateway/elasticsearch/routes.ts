import { clusterHealth, clusterInfo } from '@warren/contracts/elasticsearch-cluster'
import type { Health } from '@warren/contracts/http/status'
import type { Log } from '@warren/platform/log'
import type { SearchAnswer } from '@warren/searchdsl/answer'
import { decodeBody } from '@warren/searchdsl/decode-body'
import { malformed, SearchError } from '@warren/searchdsl/errors'
import { toExpressions } from '@warren/searchdsl/parse-msearch'
import { parseSearchText } from '@warren/searchdsl/parse-search'
import { recordFields } from '@warren/stores/logs/log-store'
import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express'
import type { Authenticate } from '../../auth/authenticate.ts'
import type { Principal } from '../../auth/principal.ts'
import { onError } from '../../http/on-error.ts'
import { logIfInternal, setRefusalHeaders, toRefusal } from '../../http/problem.ts'
import { requestIdOf } from '../../http/trace.ts'
import { admitLimitedReader } from '../admit-reader.ts'
import { signalOf } from '../ask-store.ts'
import { type Asker, askerOf } from '../asker.ts'
import { setRateLimits } from '../limits/standing.ts'
import type { AnswerRoom } from '../memory/answer-room.ts'
import { sendBody } from '../send-body.ts'
import { cutWhenSlow } from '../send-pieces.ts'
import { type Endpoint, type EndpointName, endpointOf } from './endpoint.ts'
import { named, toFailure } from './failure.ts'
import { toFieldCaps, toMapping, toResolved } from './field-shapes.ts'
import { runMsearch } from './msearch.ts'
import { parsePath } from './path.ts'
import { type RecordedSearchOptions, searchEncoded, streamsOf } from './search-one.ts'
import { readParameters } from './url-parameters.ts'
import { wantedFields } from './wanted-fields.ts'

/** Larger than what the parser takes, so that its refusal is the one that is read. */
const maxBodyBytes = 8 * 1024 * 1024

export interface ElasticsearchGatewayOptions extends Omit<RecordedSearchOptions, 'encode'> {
  readonly authenticate: Authenticate
  /** The log store's, as last looked at. */
  readonly logStoreState: () => Health['state']
  readonly deadlineMs: number
  readonly maxAnswerBytes: number
  readonly room: AnswerRoom
}

interface Call {
  readonly request: Request
  readonly endpoint: Endpoint
  readonly asker: Asker
  readonly options: ElasticsearchGatewayOptions
}

interface Reply {
  readonly status: number
  readonly body: Buffer
}

const bodyOf = ({ request }: Call): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)

const json = (value: unknown, status = 200): Reply => ({
  status,
  body: Buffer.from(JSON.stringify(value)),
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
  const { request, endpoint, asker, options } = call
  const refusal = attempt(() => readParameters(request, endpoint.name))
  const body = await runMsearch(
    { body: bodyOf(call), index: endpoint.index, refusal },
    asker,
    options,
  )
  return { status: 200, body }
}

async function search(call: Call): Promise<Reply> {
  const { endpoint, asker, options } = call
  readParameters(call.request, endpoint.name)
  const text = decodeBody(bodyOf(call))
  const request = parseSearchText(text.trim() === '' ? '{}' : text)
  const indices = toExpressions(endpoint.index ?? '')
  let status = 200
  const encode = (answered: SearchAnswer): Buffer => {
    const { status: own, ...answer } = answered
    status = own
    return Buffer.from(
      JSON.stringify('error' in answer ? named(answered, asker.requestId) : answer),
    )
  }
  const body = await searchEncoded({ indices, request }, asker, { ...options, encode })
  if (body.length <= options.maxAnswerBytes) return { status, body }
  throw new SearchError({
    type: 'circuit_breaking_exception',
    reason: `the answer is larger than ${options.maxAnswerBytes} bytes; ask for fewer hits`,
    status: 429,
  })
}

/** What a caller with grants is told instead of streams and keys of attributes, which no store lists by deployment: what every record may have, under a name for all logs. */
const everyStream = 'warren-logs'

/** The streams that the path names and their fields. */
async function readFields({ endpoint, asker, options }: Call) {
  if (asker.deployments !== undefined) return { streams: [everyStream], fields: recordFields }
  const { tenant } = asker
  const ask = async (signal: AbortSignal) => {
    const indices = toExpressions(endpoint.index ?? '')
    const streams = await streamsOf({ indices, tenant, signal }, options)
    return { streams, fields: await options.logStore.fields(tenant, streams, signal) }
  }
  asker.trail.cost = 1
  await options.limiter.charge(asker, 'logs')
  return options.askStore(asker, { store: 'logs', cost: 1, ask })
}

async function fieldCaps(call: Call): Promise<Reply> {
  const parameters = readParameters(call.request, 'fieldCaps')
  const patterns = wantedFields(parameters.get('fields'), decodeBody(bodyOf(call)))
  const { streams, fields } = await readFields(call)
  return json(toFieldCaps(streams, fields, patterns))
}

async function mapping(call: Call): Promise<Reply> {
  readParameters(call.request, 'mapping')
  const { streams, fields } = await readFields(call)
  return json(toMapping(streams, fields))
}

/** `_resolve/index`: the tenant's own streams, and nothing of what they are made of. */
async function resolve(call: Call): Promise<Reply> {
  readParameters(call.request, 'resolve')
  const { endpoint, asker, options } = call
  const indices = toExpressions(endpoint.index ?? '')
  if (asker.deployments !== undefined) return json(toResolved([everyStream]))
  const { tenant } = asker
  const ask = (signal: AbortSignal) => streamsOf({ indices, tenant, signal }, options)
  return json(toResolved(await options.askStore(asker, { store: 'logs', cost: 1, ask })))
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
  fieldCaps,
  mapping,
  resolve,
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

function answer(options: ElasticsearchGatewayOptions): RequestHandler {
  return async (request: Request, response: Response) => {
    const endpoint = endpointOf(request.method, parsePath(request.path))
    requireJson(request)
    const signal = signalOf(response, options.deadlineMs)
    const principal = principalOf(response)
    const requestId = requestIdOf(response)
    const share = options.room.open({ signal })
    // What was read of it may be gone before anything is sent.
    response.once('close', () => share.release())
    const asker = askerOf(request.headers, { principal, requestId, signal, share })
    const call = { request, endpoint, asker, options }
    const { status, body } = await replies[endpoint.name](call).finally(() =>
      setRateLimits(response, asker.trail.standings),
    )
    const { length } = body
    share.settle(length)
    response.status(status).type('application/json')
    await sendBody(request, response, body)
    cutWhenSlow(response, length, options.deadlineMs)
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
  router.use(express.raw({ type: () => true, limit: maxBodyBytes }))
  router.use(answer(options))
  router.use(answerErrors(options.log))
  return router
}
