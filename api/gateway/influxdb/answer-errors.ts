import type { ServerResponse } from 'node:http'
import type { Log } from '@warren/platform/log'
import { onError } from '@warren/platform/on-error'
import type { ErrorRequestHandler } from 'express'
import type { ErrorCode } from '../../http/error-codes.ts'
import { logIfInternal, setRefusalHeaders, toRefusal } from '../../http/problem.ts'
import type { Refusal } from '../../http/refusal.ts'
import { requestIdOf, withRequestId } from '../../http/trace.ts'
import { type AnswerType, acceptedType } from './body/accepted-type.ts'
import { csvOfError } from './body/encode-csv.ts'

/** What a header may hold. */
const toHeader = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 1024)

/** InfluxDB's words for what it answers; others are ours, with blanks. https://docs.influxdata.com/influxdb/v2/api/v2/ */
const fluxCodes: Partial<Readonly<Record<ErrorCode, string>>> = {
  bad_request: 'invalid',
  unauthenticated: 'unauthorized',
  internal: 'internal error',
  not_available: 'not implemented',
  query_deadline: 'unavailable',
}

const toFluxCode = (code: ErrorCode): string => fluxCodes[code] ?? code.replaceAll('_', ' ')

/** `error` first and a string: a panel shows it and nothing else. What asks below `/api/v2` speaks Flux and reads `code` and `message`. */
const toJson = (path: string, { code }: Refusal, text: string): object =>
  isFlux(path) ? { code: toFluxCode(code), message: text } : { error: text }

const isFlux = (path: string): boolean => path.startsWith('/api/v2/')

interface Failed {
  readonly response: ServerResponse
  /** Below the gateway's own. */
  readonly path: string
  readonly requestId: string
  readonly log: Log
}

/** Answers an error as InfluxDB does. The waiting time and the request's id are in the text: nobody sees the headers. */
export function answerError(error: unknown, { response, path, requestId, log }: Failed): void {
  const refusal = toRefusal(error)
  logIfInternal(log, refusal, requestId)
  setRefusalHeaders(response, refusal)
  const wait = refusal.retryAfterS
  const reason =
    wait === undefined || refusal.message.includes('retry in')
      ? refusal.message
      : `${refusal.message}; retry in ${wait} s`
  const text = withRequestId(reason, requestId)
  response.statusCode = refusal.status
  response.setHeader('X-InfluxDB-Error', toHeader(text))
  const type: AnswerType = isFlux(path) ? 'application/json' : acceptedType(response.req.headers)
  response.setHeader('Content-Type', `${type}; charset=utf-8`)
  response.end(
    type === 'application/json'
      ? `${JSON.stringify(toJson(path, refusal, text))}\n`
      : csvOfError(text),
  )
}

export function answerErrors(log: Log): ErrorRequestHandler {
  return onError((error, response) => {
    const { path } = response.req
    answerError(error, { response, path, requestId: requestIdOf(response), log })
  })
}
