import type { Log } from '@warren/platform/log'
import express, { type RequestHandler, Router } from 'express'
import type { Authenticate } from '../../auth/authenticate.ts'
import { Refusal } from '../../http/refusal.ts'
import { requestIdOf } from '../../http/trace.ts'
import { admitReader } from '../admit-reader.ts'
import { type AskStore, signalOf } from '../ask-store.ts'
import { sendBody } from '../send-body.ts'
import { answerErrors } from './answer-errors.ts'
import { encodeResults } from './encode.ts'
import { parseParameters } from './parameters.ts'
import { type RunQueryOptions, runQuery } from './run-query.ts'

/** The version whose dialect the gateway speaks: https://docs.influxdata.com/influxdb/v1/tools/api/ */
const version = '1.8.10'
const maxFormBytes = 512 * 1024

export interface InfluxdbGatewayOptions extends RunQueryOptions {
  readonly authenticate: Authenticate
  readonly askStore: AskStore
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

function query(options: InfluxdbGatewayOptions): RequestHandler {
  return async (request, response) => {
    const { tenant } = await admitReader(options.authenticate, request)
    const parameters = parseParameters(request)
    const signal = signalOf(response, options.deadlineMs)
    const results = await runQuery(parameters, { tenant, signal }, options)
    const body = await encodeResults(results, {
      pretty: parameters.pretty,
      maxBytes: options.maxAnswerBytes,
    })
    response.status(200).type('application/json')
    await sendBody(request, response, body)
  }
}

/** InfluxDB 1.8's HTTP interface, reading only: `/ping`, `/health`, `/query`. */
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
  router.get('/query', query(options))
  router.post('/query', admit, readForm, query(options))
  router.all(['/ping', '/health', '/query'], (_, response) => {
    response.set('Allow', 'GET, HEAD, POST')
    throw new Refusal('method_not_allowed', 'the gateway reads only: it takes GET, HEAD and POST')
  })
  router.use(admit, (request) => {
    throw new Refusal(
      'not_found',
      `the gateway has no ${request.path}; it has /ping, /health and /query`,
    )
  })
  router.use(answerErrors(options.log))
  return router
}
