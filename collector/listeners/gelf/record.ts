import type { LogRecord } from '@warren/contracts/log-record'
import { reasonOf } from '@warren/platform/errors'
import { checkDepth } from '../../records/fields.ts'
import { severityOf } from '../../syslog-severity.ts'

type AttributeValue = string | number | boolean

/** The keys of the format; each other one begins with `_`, and is an attribute without it. */
const known = new Set(['version', 'host', 'short_message', 'full_message', 'timestamp', 'level'])

/** Alert: what the format says a message without a level has. */
const absentLevel = 1

export interface GelfArrival {
  /** RFC 3339. */
  readonly at: string
  /** Of the sender's socket. */
  readonly address: string
}

/** Seconds with decimals; a sender may write them as text. */
function toTime(value: unknown): string | undefined {
  const seconds = typeof value === 'string' && value !== '' ? Number(value) : value
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds < 1e11)) return undefined
  // Microseconds are all that a double holds of a time in seconds.
  const micros = Math.round((seconds % 1) * 1e6)
  const whole = new Date((Math.trunc(seconds) + (micros === 1e6 ? 1 : 0)) * 1_000)
  if (whole.getUTCFullYear() > 9_999) return undefined
  return `${whole.toISOString().slice(0, 19)}.${String(micros % 1e6).padStart(6, '0')}Z`
}

function toAttribute(value: unknown): AttributeValue | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (value === null || value === undefined) return undefined
  checkDepth(value, 1)
  return JSON.stringify(value)
}

/** Throws with the reason for what is nested too deep. */
function toAttributes(fields: Readonly<Record<string, unknown>>): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = Object.create(null)
  for (const [key, value] of Object.entries(fields)) {
    if (known.has(key)) continue
    const attribute = toAttribute(value)
    const name = key.startsWith('_') ? key.slice(1) : key
    if (attribute !== undefined && name !== '') attributes[name] = attribute
  }
  return attributes
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** The long text, when it holds the short one; else both. */
function toMessage(short: string, full: string | undefined): string {
  if (full === undefined) return short
  return full.includes(short) ? full : `${short}\n${full}`
}

function severityIn(level: unknown) {
  const code = typeof level === 'string' ? Number.parseInt(level, 10) : level
  return severityOf(typeof code === 'number' && code >= 0 && code <= 7 ? code : absentLevel)
}

/** One message of https://go2docs.graylog.org/current/getting_in_log_data/gelf_format.html#GELFPayloadSpecification as a record; what is wrong with it else. */
export function toGelfRecord(json: string, arrival: GelfArrival): LogRecord | string {
  let fields: Readonly<Record<string, unknown>>
  try {
    fields = JSON.parse(json)
  } catch {
    return 'not JSON'
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return 'not an object'
  const full = text(fields['full_message'])
  const short = text(fields['short_message']) ?? full
  if (short === undefined) return 'no short_message'
  let attributes: LogRecord['attributes']
  try {
    attributes = toAttributes(fields)
  } catch (error) {
    return reasonOf(error)
  }
  const severity = severityIn(fields['level'])
  const service = text(fields['_service']) ?? text(fields['facility'])
  return {
    '@timestamp': toTime(fields['timestamp']) ?? arrival.at,
    observed_timestamp: arrival.at,
    message: toMessage(short, full),
    'log.level': severity.level,
    severity_number: severity.number,
    ...(service === undefined ? {} : { 'service.name': service }),
    'host.name': text(fields['host']) ?? arrival.address,
    'event.dataset': 'gelf',
    attributes,
  }
}
