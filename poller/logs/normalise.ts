import { isUtf8 } from 'node:buffer'
import type { Chunk, Normalised, RefusedLine } from '../chunk.ts'
import { LineBuffer } from '../line-buffer.ts'
import type { Origin } from '../origin.ts'
import type { TimeWindow } from '../time-window.ts'
import {
  type CanonicalRecord,
  isRefusal,
  type LogContext,
  type RecordRefusal,
  toRecord,
} from './record.ts'
import { recordIdOf } from './record-id.ts'

export interface LogChunk extends Chunk {
  readonly ids: readonly string[]
  /** `event.dataset` of each record, as it was sent; undefined without one. */
  readonly datasets: readonly (string | undefined)[]
}

const lineFeed = 0x0a
/** A UTF-16 unit is at most three bytes of UTF-8. */
const maxBytesPerUnit = 3

const encoder = new TextEncoder()
const out = new LineBuffer()

interface Message {
  readonly body: Buffer
  readonly origin: Omit<Origin, 'exchange' | 'routingKey'>
  readonly context: LogContext
  readonly isClean: boolean
  readonly ids: string[]
  readonly datasets: (string | undefined)[]
  readonly refused: RefusedLine[]
}

/** Turns one NDJSON body to canonical records (stores/logs/log-store); records that cannot be are refused one by one. */
export function normaliseLogs(
  body: Buffer,
  origin: Omit<Origin, 'exchange' | 'routingKey'>,
  window: TimeWindow,
): Normalised<LogChunk> {
  const context: LogContext = { origin, window }
  const isClean = isUtf8(body)
  const message: Message = { body, origin, context, isClean, ids: [], datasets: [], refused: [] }
  out.reset()
  let index = 0
  for (let start = 0; start < body.length; ) {
    const found = body.indexOf(lineFeed, start)
    const end = found < 0 ? body.length : found
    const bytes = body.subarray(start, end)
    start = end + 1
    if (isBlank(bytes)) continue
    takeLine(bytes, index, message)
    index += 1
  }
  const { ids, datasets, refused } = message
  return { chunk: { ...out.toChunk(), ids, datasets }, refused }
}

function takeLine(bytes: Buffer, index: number, message: Message): void {
  const record = message.isClean || isUtf8(bytes) ? readRecord(bytes, message.context) : notUtf8
  if ('code' in record) {
    // A copy: what is refused must not keep the whole body alive.
    message.refused.push({ ...record, index, bytes: Buffer.from(bytes) })
    return
  }
  const id = recordIdOf(record.given, message.origin, { index, bytes })
  record.fields['id'] = id
  writeLine(JSON.stringify(record.fields), index)
  message.ids.push(id)
  const dataset = record.fields['event.dataset']
  message.datasets.push(typeof dataset === 'string' ? dataset : undefined)
}

const notUtf8: RecordRefusal = { code: 'malformed', reason: 'not valid UTF-8' }
const notJson: RecordRefusal = { code: 'malformed', reason: 'not JSON' }

function isBlank(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false
  return true
}

interface SentRecord {
  readonly fields: CanonicalRecord
  /** The id that the sender gave it. */
  readonly given: unknown
}

function readRecord(bytes: Buffer, context: LogContext): SentRecord | RecordRefusal {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString())
  } catch {
    return notJson
  }
  const fields = toRecord(value, context)
  if (isRefusal(fields)) return fields
  return { fields, given: (value as Readonly<Record<string, unknown>>)['id'] }
}

function writeLine(text: string, position: number): void {
  const start = out.length
  out.reserve(text.length * maxBytesPerUnit)
  out.length += encoder.encodeInto(text, out.bytes.subarray(start)).written
  out.endLine(start, position)
}
