import type { IncomingMessage } from 'node:http'
import { publicDatabase } from '@warren/contracts/names'
import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import express, { type Express, type RequestHandler } from 'express'
import { HttpError } from './http-error.ts'
import { senderOf, takeWrite, type WriteContext } from './write.ts'

export interface RoutesOptions extends WriteContext {
  readonly log: Log
}

/** What clients of InfluxDB look for to choose their dialect. */
const influxdbVersion = '1.8.10'

const queryOf = ({ url = '' }: IncomingMessage): URLSearchParams => {
  const mark = url.indexOf('?')
  return new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
}

/** `db` of `/write`: https://docs.influxdata.com/influxdb/v1/tools/api/#write-http-endpoint */
function checkDatabase(query: URLSearchParams): void {
  const name = query.get('db')
  if (name === null || name === '')
    throw new HttpError(400, 'invalid', { message: 'database is required' })
  if (name !== publicDatabase)
    throw new HttpError(404, 'not found', { message: `database not found: "${name}"` })
}

/** `bucket` of `/api/v2/write`, which may name a retention policy after a slash: https://docs.influxdata.com/influxdb/v1/tools/api/#apiv2write-http-endpoint */
function checkBucket(query: URLSearchParams): void {
  const name = query.get('bucket') ?? ''
  if (name.split('/')[0] !== publicDatabase)
    throw new HttpError(404, 'not found', { message: `bucket "${name}" not found` })
}

interface RouteOptions extends RoutesOptions {
  /** Throws when the request names a database that the sender does not have. */
  readonly check: (query: URLSearchParams) => void
  readonly toBody: (error: HttpError) => object
}

/** Errors in the shape of the API that was called. */
const bodies = {
  influxdb1: ({ message }: HttpError) => ({ error: message }),
  influxdb2: ({ code, message }: HttpError) => ({ code, message }),
}

function toHttpError(thrown: unknown, log: Log): HttpError {
  if (thrown instanceof HttpError) return thrown
  log.error('write failed', { reason: reasonOf(thrown) })
  return new HttpError(500, 'internal error', { message: 'internal error' })
}

const writeRoute = (options: RouteOptions): RequestHandler => {
  const { check, toBody, log } = options
  return async (request, response) => {
    try {
      const write = { request, query: queryOf(request) }
      const sender = await senderOf(options, write)
      check(write.query)
      await takeWrite(options, write, sender)
      response.status(204).end()
    } catch (thrown) {
      const error = toHttpError(thrown, log)
      // What was not read of a body would be taken for the next request.
      if (!request.complete) response.set('Connection', 'close')
      const { retryAfterSeconds } = error
      if (retryAfterSeconds !== undefined) response.set('Retry-After', String(retryAfterSeconds))
      response.status(error.status).json(toBody(error))
    }
  }
}

/** The collector's HTTP inputs under their native paths; the caller mounts it where it likes. */
export function createCollectorRoutes(options: RoutesOptions): Express {
  const app = express().disable('x-powered-by').disable('etag')
  app.use((_, response, next) => {
    response.set('X-Influxdb-Version', influxdbVersion)
    next()
  })
  app.get('/ping', (_, response) => void response.status(204).end())
  const { influxdb1, influxdb2 } = bodies
  app.post('/write', writeRoute({ ...options, check: checkDatabase, toBody: influxdb1 }))
  app.post('/api/v2/write', writeRoute({ ...options, check: checkBucket, toBody: influxdb2 }))
  app.use((request, response) => {
    response.status(404).json({ error: `no such path: ${request.path}` })
  })
  return app
}
