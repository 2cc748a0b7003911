import { levelOfWord } from '@warren/contracts/log-level'
import type { LogRecord } from '@warren/contracts/log-record'
import { toDataset } from '../records/dataset.ts'
import { toFields } from '../records/fields.ts'
import { addKnownFields, takeText } from '../records/known-fields.ts'
import { type AnyValue, type Integer, type Plain, toPlain, toText } from './attributes.ts'
import type { OtlpRecord } from './logs-request.ts'

/** Of one library on one host; attributes as plain values. */
export interface Origin {
  readonly attributes: Readonly<Record<string, Plain>>
  /** RFC 3339, of the request. */
  readonly arrivedAt: string
}

/** The years that RFC 3339 can write end there. */
const endNs = 253_402_300_800n * 1_000_000_000n

/** RFC 3339 with all nanoseconds; undefined for 0, which means that there is none. */
function toTime(given: Integer = 0n): string | undefined {
  const ns = BigInt(given)
  if (ns === 0n) return undefined
  if (ns < 0n || ns >= endNs) throw new Error(`time ${ns} outside range`)
  const seconds = new Date(Number(ns / 1_000_000_000n) * 1000).toISOString().slice(0, 19)
  return `${seconds}.${String(ns % 1_000_000_000n).padStart(9, '0')}Z`
}

/** By the first number of each: https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
const levelNames = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

function levelOf({ severityNumber = 0, severityText = '' }: OtlpRecord): Partial<LogRecord> {
  const word = levelOfWord(severityText)
  const number = severityNumber >= 1 && severityNumber <= 24 ? severityNumber : word?.severity
  const ofNumber = number === undefined ? undefined : levelNames[(number - 1) >> 2]
  const name = word?.name ?? (severityText === '' ? ofNumber : severityText)
  return {
    ...(name === undefined ? {} : { 'log.level': name }),
    ...(number === undefined ? {} : { severity_number: number }),
  }
}

const hexId = /^(?!0+$)[0-9a-f]{16,32}$/i

function idsOf({ traceId = '', spanId = '' }: OtlpRecord): Partial<LogRecord> {
  return {
    ...(hexId.test(traceId) ? { 'trace.id': traceId.toLowerCase() } : {}),
    ...(hexId.test(spanId) ? { 'span.id': spanId.toLowerCase() } : {}),
  }
}

const messageOf = (body: AnyValue | undefined, eventName: string): string =>
  body === undefined ? eventName : toText(body)

/** A record without its id. Throws with the reason for what can be none. */
export function toRecord(record: OtlpRecord, { attributes, arrivedAt }: Origin): LogRecord {
  const { eventName = '' } = record
  const own: Record<string, Plain> = Object.assign(Object.create(null), attributes)
  for (const { key = '', value } of record.attributes ?? []) own[key] = toPlain(value)
  if (eventName !== '') own['event.name'] = eventName
  const fields = toFields(own)
  const observed = toTime(record.observedTimeUnixNano) ?? arrivedAt
  const dataset = takeText(fields, ['data_stream.dataset', 'event.dataset'])
  const head = {
    '@timestamp': toTime(record.timeUnixNano) ?? observed,
    observed_timestamp: observed,
    message: messageOf(record.body, eventName),
    'event.dataset': toDataset(dataset ?? 'otlp'),
  }
  return { ...addKnownFields(head, fields), ...levelOf(record), ...idsOf(record) }
}
