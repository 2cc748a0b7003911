import { isUtf8 } from 'node:buffer'
import type { Normalised, RefusedLine } from '../chunk.ts'
import type { LogOrigin } from '../origin.ts'
import { createRuleBook, type LogPlan } from '../rules/rule-book.ts'
import { defaultRules } from '../rules/schema.ts'
import { ruledWindow, type TimeWindow } from '../time-window.ts'
import type { CanonicalRecord } from './canonical-record.ts'
import { failed } from './compact-json.ts'
import { copyRecord } from './copy-record.ts'
import { isNestedTooDeep, maxNesting } from './nesting.ts'
import { isRefusal, type LogContext, type RecordRefusal, toRecord } from './record.ts'
import { recordIdOf } from './record-id.ts'
import { type LogChunk, RecordLines } from './record-lines.ts'

const lineFeed = 0x0a
/** A UTF-16 unit is at most three bytes of UTF-8. */
const maxBytesPerUnit = 3

const encoder = new TextEncoder()
const lines = new RecordLines()

interface Message {
  readonly body: Buffer
  readonly origin: LogOrigin
  readonly context: LogContext
  readonly plan: LogPlan
  readonly isClean: boolean
  /** `,"deployment":…` as every record of the message gets it. */
  readonly deployment: Uint8Array
  readonly refused: RefusedLine[]
  dropped: number
}

const defaultBook = createRuleBook(defaultRules)

/** What the rules of the moment mean for the records of a message. */
export const logPlanOf = (origin: LogOrigin, { rules = defaultBook }: TimeWindow): LogPlan =>
  rules.logs(origin)

/** Turns one NDJSON body to canonical records (stores/logs/log-store); records that cannot be are refused one by one.
 *  What is canonical already is copied byte by byte, with deployment and id set; anything else is parsed and printed. */
export function normaliseLogs(
  body: Buffer,
  origin: LogOrigin,
  window: TimeWindow,
): Normalised<LogChunk> {
  const message = toMessage(body, origin, window)
  lines.begin(body)
  let index = 0
  for (let start = 0; start < body.length; ) {
    let end = copyLine(start, index, message)
    const isCopied = end >= 0
    if (!isCopied) end = endOfLine(body, start)
    if (isCopied || !isBlank(body, start, end)) {
      if (!isCopied) takeLine(body.subarray(start, end), index, message)
      index += 1
    }
    start = end + 1
  }
  const { refused, dropped } = message
  return { chunk: lines.toChunk(), refused, dropped }
}

function endOfLine(body: Buffer, start: number): number {
  const found = body.indexOf(lineFeed, start)
  return found < 0 ? body.length : found
}

/** As `copyRecord` does, where records may be copied. */
function copyLine(start: number, index: number, message: Message): number {
  const { body, isClean, plan } = message
  return isClean && plan.reading !== 'parsed'
    ? copyRecord({ body, start, index }, message, lines)
    : failed
}

function toMessage(body: Buffer, origin: LogOrigin, window: TimeWindow): Message {
  const { deployment } = origin
  const rules = window.rules ?? defaultBook
  return {
    body,
    origin,
    context: { origin, window: ruledWindow(window, rules.window(origin)) },
    plan: logPlanOf(origin, window),
    isClean: isUtf8(body),
    deployment: encoder.encode(
      deployment === undefined ? '' : `,"deployment":${JSON.stringify(deployment)}`,
    ),
    refused: [],
    dropped: 0,
  }
}

function takeLine(bytes: Buffer, index: number, message: Message): void {
  const { plan } = message
  const line = { bytes, index }
  const record = message.isClean || isUtf8(bytes) ? readRecord(bytes, message.context) : notUtf8
  if ('code' in record) {
    // A copy: what is refused must not keep the whole body alive.
    const kept = Buffer.from(plan.redactRefused(bytes))
    message.refused.push({ ...record, index, bytes: kept })
    return
  }
  const { fields, given } = record
  if (plan.apply(fields) === 'dropped') {
    message.dropped += 1
    return
  }
  const id = recordIdOf(given, message.origin, line)
  fields['id'] = id
  writeLine(JSON.stringify(fields), index)
  const dataset = fields['event.dataset']
  lines.columns.addText(id, typeof dataset === 'string' ? dataset : '')
}

const notUtf8: RecordRefusal = { code: 'malformed', reason: 'not valid UTF-8' }
const notJson: RecordRefusal = { code: 'malformed', reason: 'not JSON' }
const tooDeep: RecordRefusal = {
  code: 'malformed',
  reason: `nested deeper than ${maxNesting} levels`,
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false
  }
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
  if (isNestedTooDeep(value)) return tooDeep
  const fields = toRecord(value, context)
  if (isRefusal(fields)) return fields
  return { fields, given: (value as Readonly<Record<string, unknown>>)['id'] }
}

function writeLine(text: string, position: number): void {
  const out = lines.open(text.length * maxBytesPerUnit)
  const start = out.length
  out.length += encoder.encodeInto(text, out.bytes.subarray(start)).written
  out.endLine(start, position)
}
