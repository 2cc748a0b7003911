import type { LineBuffer } from '../line-buffer.ts'
import type { LogOrigin } from '../origin.ts'
import { isWithin, type TimeWindow } from '../time-window.ts'
import { failed } from './compact-json.ts'
import { createCompactRecord, readCompact, type Span } from './compact-record.ts'
import { msOfPrinted } from './compact-time.ts'
import type { RecordColumns } from './record-columns.ts'
import { isOwnId, recordIdOf } from './record-id.ts'
import type { RecordLines } from './record-lines.ts'

const encoder = new TextEncoder()
const beforeId = encoder.encode('{"id":"')
const beforeTime = encoder.encode('","@timestamp":"')
const beforeMessage = encoder.encode('","message":"')
const quote = 0x22
const comma = 0x2c
const closeBrace = 0x7d
/** Of what stands between the parts, at most, and of an id that is longer than the given one. */
const extraBytes = 128

const { utf8Slice } = Buffer.prototype
const record = createCompactRecord()

interface CopiedMessage {
  readonly origin: LogOrigin
  readonly context: { readonly window: TimeWindow }
  readonly plan: { readonly reading: 'plain' | 'watched' | 'parsed' }
  readonly deployment: Uint8Array
}

interface LineStart {
  readonly body: Buffer
  readonly start: number
  /** Position in the message. */
  readonly index: number
}

/** Takes over a record whose parts stay as they are: what parsing and printing it would give, member for member.
 *  Where its line ends, at a line feed or with the body; negative, with nothing written, for any other. */
export function copyRecord(line: LineStart, message: CopiedMessage, lines: RecordLines): number {
  const { body, start } = line
  const isWatched = message.plan.reading === 'watched'
  const end = readCompact({ bytes: body, record, isWatched }, start)
  const { id, time } = record
  if (end < 0 || time.end === 0) return failed
  const ms = msOfPrinted(body, time.start, time.end)
  // Also when it is not a number.
  if (!isWithin(message.context.window, ms * 1e6)) return failed
  const dataset = datasetOf(body, record.dataset)
  if (id.end > 0 && isOwnId(body, id.start, id.end)) {
    lines.columns.add(body, id.start, dataset)
    if (isHeadInPlace(start)) {
      takeInPlace(line, end, { lines, deployment: message.deployment })
      return end
    }
  } else lines.columns.addText(idOf(line, end, message), dataset)
  const out = lines.open(end - start + message.deployment.length + extraBytes)
  const outStart = out.length
  writeRecord(body, out, { ids: lines.columns, deployment: message.deployment })
  out.endLine(outStart, line.index)
  return end
}

/** Whether id, time and message stand where they are written, nothing else before or between them. */
function isHeadInPlace(start: number): boolean {
  const { id, time, message } = record
  return (
    id.start === start + beforeId.length &&
    time.start === id.end + beforeTime.length &&
    message.start === time.end + beforeMessage.length
  )
}

interface InPlace {
  readonly lines: RecordLines
  readonly deployment: Uint8Array
}

/** The line as it is, but for a deployment behind its message. */
function takeInPlace(
  { body, start, index }: LineStart,
  end: number,
  { lines, deployment }: InPlace,
): void {
  if (deployment.length === 0 && end < body.length) {
    lines.keep(start, end + 1, index)
    return
  }
  const out = lines.open(end - start + deployment.length)
  const outStart = out.length
  const headEnd = record.message.end + 1
  out.copyLong(body, start, headEnd)
  out.copy(deployment, 0, deployment.length)
  out.copyLong(body, headEnd, end)
  out.endLine(outStart, index)
}

function idOf({ body, start, index }: LineStart, end: number, { origin }: CopiedMessage): string {
  const { id } = record
  const given = id.end === 0 ? undefined : utf8Slice.call(body, id.start, id.end)
  return recordIdOf(given, origin, { index, bytes: body.subarray(start, end) })
}

let lastDataset = ''
let lastBytes = new Uint8Array(0)

/** Neighbouring records mostly share theirs. */
function datasetOf(bytes: Buffer, { start, end }: Span): string {
  if (end === 0) return ''
  if (!isLastDataset(bytes, start, end)) {
    lastBytes = new Uint8Array(bytes.subarray(start, end))
    lastDataset = utf8Slice.call(bytes, start, end)
  }
  return lastDataset
}

function isLastDataset(bytes: Buffer, start: number, end: number): boolean {
  if (end - start !== lastBytes.length) return false
  for (let at = 0; at < lastBytes.length; at += 1)
    if (bytes[start + at] !== lastBytes[at]) return false
  return true
}

interface RecordParts {
  readonly ids: RecordColumns
  readonly deployment: Uint8Array
}

function writeRecord(bytes: Buffer, out: LineBuffer, { ids, deployment }: RecordParts): void {
  const { time, message, runs, runCount } = record
  out.copy(beforeId, 0, beforeId.length)
  ids.copyLast(out)
  out.copy(beforeTime, 0, beforeTime.length)
  out.copy(bytes, time.start, time.end)
  out.copy(beforeMessage, 0, beforeMessage.length)
  out.copyLong(bytes, message.start, message.end)
  out.bytes[out.length++] = quote
  out.copy(deployment, 0, deployment.length)
  for (let at = 0; at < runCount; at += 1) {
    const run = runs[at]
    if (run === undefined) continue
    out.bytes[out.length++] = comma
    out.copyLong(bytes, run.start, run.end)
  }
  out.bytes[out.length++] = closeBrace
}
