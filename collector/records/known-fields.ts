import { levelOfWord } from '@warren/contracts/log-level'
import type { LogRecord } from '@warren/contracts/log-record'
import type { Fields } from './fields.ts'

/** Under which names senders have what a record has a field for; the first that is a text is taken. Names with a dot are of ECS; docs/senders.md has the list. */
const levelNames = ['log.level', 'level', 'severity', 'severity_text', 'detected_level']
const textNames = [
  [
    'service.name',
    [
      ...['service.name', 'service_name', 'service', 'app', 'application', 'programname'],
      ...['container', 'container_name', 'job'],
    ],
  ],
  ['host.name', ['host.name', 'hostname', 'host', 'host_name', 'nodename', 'fromhost']],
  ['agent.id', ['agent.id']],
  ['log.file.path', ['log.file.path', 'filename', 'file']],
  ['trace.id', ['trace.id', 'trace_id', 'traceId', 'traceID']],
  ['span.id', ['span.id', 'span_id', 'spanId', 'spanID']],
] as const

/** Takes the first of the names that has a text out of the fields. */
export function takeText(fields: Fields, candidates: readonly string[]): string | undefined {
  for (const name of candidates) {
    const value = fields.get(name)
    if (typeof value !== 'string' || value === '') continue
    fields.delete(name)
    return value
  }
  return undefined
}

type Mutable<Record> = { -readonly [Key in keyof Record]: Record[Key] }

/** A word that names no level is kept as it is, without a number. */
function addLevel(record: Mutable<LogRecord>, fields: Fields): void {
  const word = takeText(fields, levelNames)
  if (word === undefined) return
  const level = levelOfWord(word)
  record['log.level'] = level?.name ?? word
  if (level !== undefined) record.severity_number = level.severity
}

function addOffset(record: Mutable<LogRecord>, fields: Fields): void {
  const offset = fields.get('log.offset')
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0) return
  record['log.offset'] = offset
  fields.delete('log.offset')
}

/** Moves what a record has fields for out of the sender's fields, and adds the rest as attributes. */
export function addKnownFields(record: LogRecord, fields: Fields): LogRecord {
  addLevel(record, fields)
  for (const [key, candidates] of textNames) {
    const value = takeText(fields, candidates)
    if (value !== undefined) record[key] = value
  }
  addOffset(record, fields)
  if (fields.size > 0) record.attributes = Object.fromEntries(fields)
  return record
}
