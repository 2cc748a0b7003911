import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '@warren/platform/log'
import type { AuthenticateToken } from '../../auth/authenticate.ts'
import { parseAuthorization } from '../../auth/credential.ts'
import type { CountRequest } from '../../http/count-requests.ts'
import { traceOf } from '../../http/trace.ts'
import { requireLimitedReader } from '../admit-reader.ts'
import { answerError } from './answer-errors.ts'
import type { AnswerCall } from './queries.ts'
import { queryPartOf } from './read/parameters.ts'
import { serverHeaders } from './server-headers.ts'

/** Takes a request, or leaves it to what comes behind. */
export type TakeRequest = (request: IncomingMessage, response: ServerResponse) => boolean

export interface TokenQueryOptions {
  readonly authenticateToken: AuthenticateToken
  readonly answerCall: AnswerCall
  readonly countRequest: CountRequest
  readonly basePath: string
  /** What it is counted as, and the path below which it stands. */
  readonly route: string
  readonly log: Log
}

const path = '/query'
const sameHeaders = ['X-Content-Type-Options', 'nosniff', ...Object.entries(serverHeaders).flat()]

/** As for every answer of the api. */
const toHeaders = ({ requestId, traceparent }: ReturnType<typeof traceOf>): readonly string[] =>
  ['X-Request-Id', requestId, 'Request-Id', requestId, 'traceparent', traceparent].concat(
    sameHeaders,
  )

function setHeaders(response: ServerResponse, headers: readonly string[]): void {
  for (let at = 0; at < headers.length; at += 2)
    response.setHeader(headers[at] ?? '', headers[at + 1] ?? '')
}

/** What dashboards ask all the time, `GET /query` with a token, without Express, which takes longer than a kept answer. The same answers, errors, headers and counters. */
export function tokenQueries(options: TokenQueryOptions): TakeRequest {
  const { authenticateToken, answerCall, countRequest, basePath, route, log } = options
  const starts = [...new Set(['', basePath])].map((base) => `${base}${route}${path}?`)

  async function answer(
    secret: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const trace = traceOf(request.headers)
    const { requestId } = trace
    const headers = toHeaders(trace)
    try {
      const principal = requireLimitedReader(await authenticateToken(secret))
      const address = queryPartOf(request.url ?? '')
      await answerCall({ request, response, principal, requestId, address, headers })
    } catch (error) {
      // As Express does: half an answer must not look like one.
      if (response.headersSent) {
        request.socket.destroy()
        return
      }
      setHeaders(response, headers)
      answerError(error, { response, path, requestId, log })
    }
  }

  return (request, response) => {
    const { method, url = '', headers } = request
    if (method !== 'GET' || !starts.some((start) => url.startsWith(start))) return false
    const credential = parseAuthorization(headers.authorization)
    if (credential?.kind !== 'token') return false
    countRequest(method, response, () => route)
    void answer(credential.secret, request, response)
    return true
  }
}
