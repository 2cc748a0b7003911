import { randomBytes, randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'

const requestIdForm = /^[\w.:-]{1,128}$/
/** https://www.w3.org/TR/trace-context/#traceparent-header */
const traceparentForm = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-([\da-f]{2})$/

function toTraceparent(incoming: string | undefined): string {
  const [, traceId = randomBytes(16).toString('hex'), flags = '00'] =
    traceparentForm.exec(incoming ?? '') ?? []
  return `00-${traceId}-${randomBytes(8).toString('hex')}-${flags}`
}

/** Gives each request an id and a place in its trace, and says both in the answer. */
export const traceRequest: RequestHandler = (request, response, next) => {
  const incoming = request.get('x-request-id')
  const id = incoming !== undefined && requestIdForm.test(incoming) ? incoming : randomUUID()
  response.locals['requestId'] = id
  response.set('X-Request-Id', id)
  response.set('traceparent', toTraceparent(request.get('traceparent')))
  next()
}

export const requestIdOf = (response: Response): string => String(response.locals['requestId'])
