import { publicDatabase } from '@warren/contracts/names'
import type { MetricQuery } from '@warren/stores/metrics/metric-store'
import type { Request } from 'express'
import { Refusal } from '../../http/refusal.ts'

export interface QueryParameters {
  readonly text: string
  /** Of measurements that name none. */
  readonly policy: string | undefined
  readonly epoch: MetricQuery['epoch']
  readonly pretty: boolean
}

type Epoch = Exclude<MetricQuery['epoch'], undefined>

const epochs: Readonly<Record<string, Epoch>> = {
  ns: 'ns',
  n: 'ns',
  u: 'u',
  µ: 'u',
  ms: 'ms',
  s: 's',
  m: 'm',
  h: 'h',
}

/** Read: `q`, `db`, `rp`, `epoch`, `pretty`. Ignored, for an answer is always whole: `chunked`, `chunk_size`. */
const accepted = new Set(['q', 'db', 'rp', 'epoch', 'pretty', 'chunked', 'chunk_size'])

const refusals: Readonly<Record<string, string>> = {
  u: 'credentials in an address end up in logs; send them in the Authorization header',
  p: 'credentials in an address end up in logs; send them in the Authorization header',
  params: 'bound parameters are not accepted; write the values into the query',
  async: 'asynchronous queries are not accepted',
  node_id: 'node_id is not accepted',
}

const bad = (text: string): Refusal => new Refusal('bad_request', text)

function toMap(given: URLSearchParams): Map<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of given) {
    if (!accepted.has(name)) throw bad(refusals[name] ?? `unknown parameter "${name}"`)
    if (values.has(name)) throw bad(`parameter "${name}" is given twice`)
    values.set(name, value)
  }
  return values
}

/** The form of a POST. Multipart would name files of the server, and a raw body is another language: both are refused. */
function formOf(request: Request): URLSearchParams {
  if (typeof request.body === 'string') return new URLSearchParams(request.body)
  // Null: there is no body.
  if (
    request.method === 'POST' &&
    request.is('*/*') !== null &&
    request.get('content-length') !== '0'
  )
    throw bad('send the query as application/x-www-form-urlencoded')
  return new URLSearchParams()
}

function epochOf(text: string | undefined): MetricQuery['epoch'] {
  if (text === undefined || text === '') return undefined
  const epoch = Object.hasOwn(epochs, text) ? epochs[text] : undefined
  if (epoch === undefined) throw bad(`epoch "${text}" is none of ns, u, ms, s, m, h`)
  return epoch
}

function requireDatabase(db: string | undefined): void {
  if (db === undefined || db === '') throw bad('database name required')
  if (db !== publicDatabase) throw bad(`database not found: ${db}`)
}

/** The parameters of `/query`: a value in the form wins over the same in the address, as in InfluxDB 1.8. Throws a `Refusal`. */
export function parseParameters(request: Request): QueryParameters {
  const url = new URL(request.originalUrl, 'http://local')
  const values = new Map([...toMap(url.searchParams), ...toMap(formOf(request))])
  const text = values.get('q')
  if (text === undefined || text.trim() === '') throw bad('missing required parameter "q"')
  requireDatabase(values.get('db'))
  return {
    text,
    policy: values.get('rp') || undefined,
    epoch: epochOf(values.get('epoch')),
    pretty: values.get('pretty') === 'true',
  }
}
