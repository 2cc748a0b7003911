import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import type { Origin } from '../origin.ts'
import { isWithin, type TimeWindow } from '../time-window.ts'
import { type Attributes, addAttribute, createAttributes } from './attributes.ts'
import type { CanonicalRecord } from './canonical-record.ts'
import { parseUtcTime, toUtcTime, type UtcTime } from './timestamp.ts'

export interface LogContext {
  readonly origin: Pick<Origin, 'deployment' | 'fallbackNs'>
  readonly window: TimeWindow
}

export interface RecordRefusal {
  readonly code: DeadLetterCode
  readonly reason: string
}

export const isRefusal = (result: CanonicalRecord | RecordRefusal): result is RecordRefusal =>
  !('message' in result)

const textKeys = new Set([
  'log.level',
  'service.name',
  'host.name',
  'agent.id',
  'node',
  'instance',
  'log.file.path',
  'trace.id',
  'span.id',
  'event.dataset',
])
/** Set from the message, or read by themselves. */
const ownKeys = new Set(['id', '@timestamp', 'message', 'deployment', 'attributes'])

const isWholeWithin = (value: unknown, from: number, to: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= from && value <= to

/** The record's value of a known key, when its type is right; else the value is an attribute. */
function knownValue(key: string, value: unknown): string | number | undefined {
  if (textKeys.has(key)) return typeof value === 'string' && value !== '' ? value : undefined
  if (key === 'severity_number') return isWholeWithin(value, 1, 24) ? value : undefined
  if (key === 'log.offset')
    return isWholeWithin(value, 0, Number.MAX_SAFE_INTEGER) ? value : undefined
  if (key === 'observed_timestamp' && typeof value === 'string') return parseUtcTime(value)?.text
  return undefined
}

function timeOf(value: unknown, { origin }: LogContext): UtcTime | RecordRefusal {
  if (value === undefined || value === null || value === '') {
    const fallback = origin.fallbackNs === undefined ? undefined : toUtcTime(origin.fallbackNs)
    const reason = 'neither the record nor its message has a timestamp'
    return fallback ?? { code: 'no_timestamp', reason }
  }
  const time = typeof value === 'string' ? parseUtcTime(value) : undefined
  return time ?? { code: 'bad_timestamp', reason: '@timestamp is not RFC 3339' }
}

/** A parsed line as a canonical record: known keys of the right type, everything else in `attributes`, `deployment` from the key, `@timestamp` in UTC. */
export function toRecord(value: unknown, context: LogContext): CanonicalRecord | RecordRefusal {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { code: 'malformed', reason: 'not a JSON object' }
  const entries = value as Readonly<Record<string, unknown>>
  const { message } = entries
  if (typeof message !== 'string')
    return { code: 'malformed', reason: 'message is missing or not a string' }
  const time = timeOf(entries['@timestamp'], context)
  if ('code' in time) return time
  if (!isWithin(context.window, time.ms * 1e6))
    return {
      code: 'bad_timestamp',
      reason: '@timestamp is too old (at least: before 1971) or too far ahead',
    }
  const record: CanonicalRecord = { id: '', '@timestamp': time.text, message }
  if (context.origin.deployment !== undefined) record['deployment'] = context.origin.deployment
  const attributes = attributesOf(entries, record)
  if (attributes !== undefined) record['attributes'] = attributes
  return record
}

/** Moves known keys to the record and returns the rest. */
function attributesOf(
  entries: Readonly<Record<string, unknown>>,
  record: CanonicalRecord,
): Attributes | undefined {
  let attributes: Attributes | undefined
  const add = (key: string, value: unknown) => {
    attributes ??= createAttributes()
    addAttribute(attributes, { key, value })
  }
  for (const key in entries) {
    if (ownKeys.has(key)) continue
    const known = knownValue(key, entries[key])
    if (known === undefined) add(key, entries[key])
    else record[key] = known
  }
  const own = entries['attributes']
  if (typeof own === 'object' && own !== null && !Array.isArray(own))
    for (const [key, value] of Object.entries(own)) add(key, value)
  else if (own !== undefined && own !== null) add('attributes', own)
  return attributes
}
