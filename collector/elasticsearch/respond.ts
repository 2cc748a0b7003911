import type { Response } from 'express'
import type { Answer } from '../write-route.ts'

/** Clients refuse to go on without the product's name. */
const productHeader = ['X-Elastic-Product', 'Elasticsearch'] as const

export const respond = (response: Response, body: unknown): void =>
  void response.set(...productHeader).json(body)

/** By status; what is not here has the last one's. */
const types: ReadonlyMap<number, string> = new Map([
  [400, 'illegal_argument_exception'],
  [401, 'security_exception'],
  [404, 'resource_not_found_exception'],
  [413, 'content_too_long_exception'],
  [415, 'media_type_header_exception'],
  [429, 'es_rejected_execution_exception'],
  [503, 'unavailable_shards_exception'],
])

/** https://www.elastic.co/docs/reference/elasticsearch/rest-apis/api-conventions */
export const answerError: Answer = (response, { status, message }) => {
  if (status === 401) response.set('WWW-Authenticate', 'Basic realm="warren", charset="UTF-8"')
  const error = { type: types.get(status) ?? 'exception', reason: message }
  respond(response, { error: { root_cause: [error], ...error }, status })
}
