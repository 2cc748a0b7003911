import type { LineBuffer } from '../line-buffer.ts'
import type { LogOrigin } from '../origin.ts'
import { isWithin, type TimeWindow } from '../time-window.ts'
import { createCompactRecord, readCompact, type Span } from './compact-record.ts'
import { msOfPrinted } from './compact-time.ts'
import { isOwnId, recordIdOf } from './record-id.ts'

const encoder = new TextEncoder()
const beforeId = encoder.encode('{"id":"')
const beforeTime = encoder.encode('","@timestamp":"')
const beforeMessage = encoder.encode('","message":"')
const quote = 0x22
const comma = 0x2c
const closeBrace = 0x7d
/** Of what stands between the parts, at most, and of an id that is longer than the given one. */
const extraBytes = 128

const { latin1Slice, utf8Slice } = Buffer.prototype
const record = createCompactRecord()

interface CopiedMessage {
  readonly origin: LogOrigin
  readonly context: { readonly window: TimeWindow }
  readonly plan: { readonly reading: 'plain' | 'watched' | 'parsed' }
  readonly deployment: Uint8Array
  readonly ids: string[]
  readonly datasets: (string | undefined)[]
}

interface Line {
  readonly bytes: Buffer
  readonly index: number
}

/** Writes a record whose parts can be taken over as they are: what parsing and printing it would give, member for member. False, with nothing written, for any other. */
export function copyRecord(line: Line, message: CopiedMessage, out: LineBuffer): boolean {
  const { bytes, index } = line
  if (!readCompact(bytes, record, message.plan.reading === 'watched')) return false
  const { time } = record
  if (time.end === 0) return false
  const ms = msOfPrinted(bytes, time.start, time.end)
  // Also when it is not a number.
  if (!isWithin(message.context.window, ms * 1e6)) return false
  const id = idOf(line, message)
  message.ids.push(id)
  message.datasets.push(datasetOf(bytes, record.dataset))
  const start = out.length
  out.reserve(bytes.length + message.deployment.length + extraBytes)
  writeRecord(bytes, id, { out, deployment: message.deployment })
  out.endLine(start, index)
  return true
}

function idOf(line: Line, { origin }: CopiedMessage): string {
  const { start, end } = record.id
  if (end === 0) return recordIdOf(undefined, origin, line)
  if (isOwnId(line.bytes, start, end)) return latin1Slice.call(line.bytes, start, end)
  return recordIdOf(utf8Slice.call(line.bytes, start, end), origin, line)
}

let lastDataset = ''
let lastBytes = new Uint8Array(0)

/** Neighbouring records mostly share theirs. */
function datasetOf(bytes: Buffer, { start, end }: Span): string | undefined {
  if (end === 0) return undefined
  if (!isLastDataset(bytes, start, end)) {
    lastBytes = bytes.slice(start, end)
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

interface RecordWriter {
  readonly out: LineBuffer
  readonly deployment: Uint8Array
}

function writeRecord(bytes: Buffer, id: string, { out, deployment }: RecordWriter): void {
  const { time, message, runs, runCount } = record
  out.copy(beforeId, 0, beforeId.length)
  for (let at = 0; at < id.length; at += 1) out.bytes[out.length++] = id.charCodeAt(at)
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
