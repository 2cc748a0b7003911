import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { RequestHandler, Response } from 'express'

const requestIdForm = /^[\w.:-]{1,128}$/
/** https://www.w3.org/TR/trace-context/#traceparent-header */
const traceparentForm = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-([\da-f]{2})$/

/** Of a UUID, whose random bytes Node.js fetches for many at a time: a call for each id was 3 % of a kept answer. */
const toHex = (uuid: string): string => uuid.replaceAll('-', '')

/** A trace that begins here is called as its first request. */
function toTraceparent(incoming: unknown, id: string): string {
  const given = typeof incoming === 'string' ? traceparentForm.exec(incoming) : null
  const [, traceId = toHex(id), flags = '00'] = given ?? []
  return `00-${traceId}-${toHex(randomUUID()).slice(16)}-${flags}`
}

/** What a request is called in logs and answers, and its place in its trace. */
export interface Trace {
  readonly requestId: string
  readonly traceparent: string
}

export function traceOf(headers: IncomingHttpHeaders): Trace {
  const incoming = headers['x-request-id']
  const isGiven = typeof incoming === 'string' && requestIdForm.test(incoming)
  const id = randomUUID()
  return {
    requestId: isGiven ? incoming : id,
    traceparent: toTraceparent(headers['traceparent'], id),
  }
}

/** Gives each request an id and a place in its trace, and says both in the answer. */
export const traceRequest: RequestHandler = (request, response, next) => {
  const { requestId, traceparent } = traceOf(request.headers)
  response.locals['requestId'] = requestId
  response.set('X-Request-Id', requestId)
  response.set('traceparent', traceparent)
  next()
}

/** A reason as a panel shows it, which shows nothing else: the logs and `warren query insights` know the request by its id. */
export const withRequestId = (reason: string, requestId: string): string =>
  `${reason} (request ${requestId})`

export const requestIdOf = (response: Response): string => String(response.locals['requestId'])
