import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'

const requestIdForm = /^[\w.:-]{1,128}$/
/** https://www.w3.org/TR/trace-context/#traceparent-header */
const traceparentForm = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-([\da-f]{2})$/

/** Of a UUID, whose random bytes Node.js fetches for many at a time: a call for each id was 3 % of a kept answer. */
const randomHex = (): string => randomUUID().replaceAll('-', '')

function toTraceparent(incoming: string | undefined): string {
  const [, traceId = randomHex(), flags = '00'] = traceparentForm.exec(incoming ?? '') ?? []
  return `00-${traceId}-${randomHex().slice(16)}-${flags}`
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
