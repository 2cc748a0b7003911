import type { Log } from '@warren/platform/log'
import express, { type RequestHandler, Router } from 'express'
import type { Authenticate } from '../../auth/authenticate.ts'
import { Refusal } from '../../http/refusal.ts'
import { requestIdOf } from '../../http/trace.ts'
import { admitReader } from '../admit-reader.ts'
import { signalOf } from '../ask-store.ts'
import { type Asker, askerOf } from '../asker.ts'
import { printCacheUse } from '../cache/cache-use.ts'
import { fluxRoutes } from '../flux/routes.ts'
import { beginRecord, failedWith, type NoteQuery } from '../insights/record.ts'
import type { QueryLimiter } from '../limits/charge-query.ts'
import { setRateLimits } from '../limits/standing.ts'
import { sendBody } from '../send-body.ts'
import { type AnswerChainOptions, answerChain } from './answer-chain.ts'
import { answerErrors } from './answer-errors.ts'
import type { AnswerQuery } from './answer-query.ts'
import { parseParameters, type QueryParameters } from './parameters.ts'
import { runQuery } from './run-query.ts'

/** The version whose dialect the gateway speaks: https://docs.influxdata.com/influxdb/v1/tools/api/ */
const version = '1.8.10'
const maxFormBytes = 512 * 1024

export interface InfluxdbGatewayOptions extends AnswerChainOptions {
  readonly authenticate: Authenticate
  readonly noteQuery: NoteQuery
  readonly limiter: QueryLimiter
  readonly deadlineMs: number
  readonly maxAnswerBytes: number
  readonly log: Log
}

const setServerHeaders: RequestHandler = (_, response, next) => {
  response.set({
    'X-Influxdb-Version': version,
    'X-Influxdb-Build': 'OSS',
    'Request-Id': requestIdOf(response),
  })
  next()
}

const ping: RequestHandler = (request, response) => {
  const { searchParams } = new URL(request.originalUrl, 'http://local')
  const verbose = searchParams.get('verbose')
  if (verbose === null || ['', '0', 'false'].includes(verbose)) response.status(204).end()
  else response.json({ version })
}

const health: RequestHandler = (_, response) =>
  void response.json({
    name: 'influxdb',
    message: 'ready for queries and writes',
    status: 'pass',
    checks: [],
    version,
  })

interface Asked {
  readonly parameters: QueryParameters
  readonly asker: Asker
  readonly answerQuery: AnswerQuery
}

/** The answer with its bytes, once it is on record. */
async function answerOnRecord(
  { parameters, asker, answerQuery }: Asked,
  { noteQuery, limiter, maxAnswerBytes: maxBytes, now }: InfluxdbGatewayOptions,
) {
  const endRecord = beginRecord('influxql', asker)
  const encoding = { pretty: parameters.pretty, maxBytes }
  try {
    const { body, cache } = await runQuery(parameters, asker, {
      answerQuery,
      limiter,
      now,
    })
    if (cache !== undefined) asker.trail.cache = cache.state
    limiter.giveBack(asker, asker.trail.cost - asker.trail.askedCost)
    const bytes = await body.encoded(encoding)
    noteQuery(endRecord({ rows: body.rows, bytes: bytes.length }))
    return { bytes, cache, gzipped: () => body.gzipped(encoding) }
  } catch (error) {
    noteQuery(endRecord(failedWith(error)))
    throw error
  }
}

function query(options: InfluxdbGatewayOptions): RequestHandler {
  const answerQuery = answerChain(options)
  return async (request, response) => {
    const principal = await admitReader(options.authenticate, request)
    const parameters = parseParameters(request)
    const signal = signalOf(response, options.deadlineMs)
    const asker = askerOf(request, response, { principal, signal })
    const asked = { parameters, asker, answerQuery }
    const { bytes, cache, gzipped } = await answerOnRecord(asked, options).finally(() =>
      setRateLimits(response, asker.trail.standings),
    )
    if (cache !== undefined) response.set('X-Warren-Cache', printCacheUse(cache))
    response.status(200).type('application/json')
    await sendBody(request, response, { body: bytes, gzipped })
  }
}

/** InfluxDB 1.8's HTTP interface, reading only: `/ping`, `/health`, `/query`; and of 2.x what Grafana's Flux mode uses. */
export function influxdbGateway(options: InfluxdbGatewayOptions): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const admit: RequestHandler = async (request, _, next) => {
    await admitReader(options.authenticate, request)
    next()
  }
  const readForm = express.text({
    type: 'application/x-www-form-urlencoded',
    limit: maxFormBytes,
    defaultCharset: 'utf-8',
  })
  router.use(setServerHeaders)
  router.get('/ping', admit, ping)
  router.get('/health', admit, health)
  const answerOne = query(options)
  router.get('/query', answerOne)
  router.post('/query', admit, readForm, answerOne)
  router.all(['/ping', '/health', '/query'], (_, response) => {
    response.set('Allow', 'GET, HEAD, POST')
    throw new Refusal('method_not_allowed', 'the gateway reads only: it takes GET, HEAD and POST')
  })
  router.use('/api/v2', fluxRoutes(options))
  router.use(admit, (request) => {
    throw new Refusal(
      'not_found',
      `the gateway has no ${request.path}; it has /ping, /health, /query, /api/v2/query and /api/v2/buckets`,
    )
  })
  router.use(answerErrors(options.log))
  return router
}
