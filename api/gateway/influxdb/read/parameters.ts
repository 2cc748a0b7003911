import { publicDatabase } from '@warren/contracts/names'
import { type Parameters, parseParameters } from '@warren/influxql/parameters'
import type { MetricQuery } from '@warren/stores/metrics/metric-store'
import type { Request } from 'express'
import { Refusal } from '../../../http/refusal.ts'

export interface QueryParameters {
  readonly text: string
  /** Absent or empty: none is named. */
  readonly database: string | undefined
  /** Bound, by name without `$`. */
  readonly bound: Parameters
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

/** Read: `q`, `params`, `db`, `rp`, `epoch`, `pretty`. Passed over, for an answer is always whole and read by `epoch`: `chunked`, `chunk_size`, `precision`. */
const accepted = new Set(
  'q params db rp epoch pretty chunked chunk_size precision async'.split(' '),
)

const inAddress = 'credentials in an address end up in logs; send them in the Authorization header'

/** What has a meaning at InfluxDB that nobody has here. */
const refusals: Readonly<Record<string, string>> = {
  u: inAddress,
  p: inAddress,
  node_id: 'node_id is not accepted: a query runs where the gateway sends it',
}

const bad = (text: string): Refusal => new Refusal('bad_request', text)
const forbidden = (text: string): Refusal => new Refusal('forbidden', text)

function toMap(given: URLSearchParams): Map<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of given) {
    const refusal = refusals[name]
    if (refusal !== undefined) throw forbidden(refusal)
    if (!accepted.has(name)) throw bad(`unknown parameter "${name}"`)
    if (values.has(name)) throw bad(`parameter "${name}" is given twice`)
    values.set(name, value)
  }
  return values
}

/** The values of the form win, as in InfluxDB 1.8. */
function valuesOf(address: string, form: URLSearchParams | undefined): Map<string, string> {
  const values = toMap(new URLSearchParams(address))
  if (form === undefined) return values
  for (const [name, value] of toMap(form)) values.set(name, value)
  return values
}

/** The form of a POST. Multipart would name files of the server, and a raw body is another language: both are refused. */
export function formOf(request: Request): URLSearchParams {
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

/** Absent or empty: RFC 3339. As in InfluxDB, a unit that does not exist is that of nanoseconds. */
export function epochOf(text: string | undefined): MetricQuery['epoch'] {
  if (text === undefined || text === '') return undefined
  return (Object.hasOwn(epochs, text) ? epochs[text] : undefined) ?? 'ns'
}

/** Which statements need one is known once they are read. */
function readDatabase(db: string | undefined): string | undefined {
  if (db === undefined || db === '') return undefined
  if (db !== publicDatabase) throw forbidden(`database not found: ${db}`)
  return db
}

function parseBound(text: string | undefined): Parameters {
  if (text === undefined || text === '') return {}
  let parameters: Parameters | undefined
  try {
    parameters = parseParameters(text)
  } catch (error) {
    throw new Refusal('bad_request', 'params is not JSON', { cause: error })
  }
  if (parameters === undefined) throw bad('params is not a JSON object of parameters by name')
  return parameters
}

/** InfluxDB would answer at once and run on, with nobody to stop it. */
function refuseAsync(value: string | undefined): void {
  if (value === 'true') throw forbidden('asynchronous queries are not accepted')
}

/** The part of an address after its `?`. */
export function queryPartOf(address: string): string {
  const at = address.indexOf('?')
  return at < 0 ? '' : address.slice(at + 1)
}

/** The parameters of `/query`, of the part of an address after its `?`, and of a form. Throws a `Refusal`. */
export function readParameters(address: string, form?: URLSearchParams): QueryParameters {
  const values = valuesOf(address, form)
  const text = values.get('q')
  if (text === undefined || text.trim() === '') throw bad('missing required parameter "q"')
  const database = readDatabase(values.get('db'))
  refuseAsync(values.get('async'))
  return {
    text,
    database,
    bound: parseBound(values.get('params')),
    policy: values.get('rp') || undefined,
    epoch: epochOf(values.get('epoch')),
    pretty: values.get('pretty') === 'true',
  }
}
