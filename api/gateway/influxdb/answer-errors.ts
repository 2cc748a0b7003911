import type { Log } from '@warren/platform/log'
import type { ErrorRequestHandler } from 'express'
import { onError } from '../../http/on-error.ts'
import { logIfInternal, setRefusalHeaders, toRefusal } from '../../http/problem.ts'
import type { Refusal } from '../../http/refusal.ts'
import { requestIdOf } from '../../http/trace.ts'

/** What a header may hold. */
const toHeader = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 1024)

/** `error` first and a string: a panel shows it and nothing else. What asks below `/api/v2` speaks Flux and reads `code` and `message`. */
const toBody = (path: string, { code }: Refusal, text: string): object =>
  path.startsWith('/api/v2/') ? { code: code.replaceAll('_', ' '), message: text } : { error: text }

/** Answers errors as InfluxDB does. The waiting time is in the text: nobody sees the header. */
export function answerErrors(log: Log): ErrorRequestHandler {
  return onError((error, response) => {
    const refusal = toRefusal(error)
    logIfInternal(log, refusal, requestIdOf(response))
    setRefusalHeaders(response, refusal)
    const wait = refusal.retryAfterS
    const text =
      wait === undefined || refusal.message.includes('retry in')
        ? refusal.message
        : `${refusal.message}; retry in ${wait} s`
    response.set('X-InfluxDB-Error', toHeader(text)).status(refusal.status)
    const body = toBody(response.req.path, refusal, text)
    response.type('application/json').send(`${JSON.stringify(body)}\n`)
  })
}
