import type { Log } from '@warren/platform/log'
import express, { type RequestHandler, Router } from 'express'
import type { Authenticate } from '../../auth/authenticate.ts'
import { Refusal } from '../../http/refusal.ts'
import { searchParamsOf } from '../../http/search-params.ts'
import { requestIdOf } from '../../http/trace.ts'
import { admitLimitedReader } from '../admit-reader.ts'
import { type FluxOptions, fluxRoutes } from '../flux/routes.ts'
import { answerErrors } from './answer-errors.ts'
import type { AnswerCall } from './queries.ts'
import { formOf, queryPartOf } from './read/parameters.ts'
import { serverHeaders, version } from './server-headers.ts'

/** Larger than the longest query as a form has it, so that the parser's refusal is the one that is read. */
const maxFormBytes = 3 * 1024 * 1024

export interface InfluxdbGatewayOptions extends FluxOptions {
  readonly answerCall: AnswerCall
  readonly log: Log
}

const setServerHeaders: RequestHandler = (_, response, next) => {
  response.set({ ...serverHeaders, 'Request-Id': requestIdOf(response) })
  next()
}

const ping: RequestHandler = (request, response) => {
  const searchParams = searchParamsOf(request)
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

function query(authenticate: Authenticate, answerCall: AnswerCall): RequestHandler {
  return async (request, response) => {
    const principal = await admitLimitedReader(authenticate, request)
    const address = queryPartOf(request.originalUrl)
    const form = request.method === 'POST' ? formOf(request) : undefined
    const requestId = requestIdOf(response)
    await answerCall({ request, response, principal, requestId, address, form })
  }
}

/** InfluxDB 1.8's HTTP interface, reading only: `/ping`, `/health`, `/query`; and of 2.x what Grafana's Flux mode uses. */
export function influxdbGateway(options: InfluxdbGatewayOptions): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const admit: RequestHandler = async (request, _, next) => {
    await admitLimitedReader(options.authenticate, request)
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
  const answerOne = query(options.authenticate, options.answerCall)
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
