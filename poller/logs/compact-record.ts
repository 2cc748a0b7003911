import { endOfString } from '../redaction/suspicion.ts'
import { endOfAttributes } from './compact-attributes.ts'
import { endOfKey, endOfNumber, failed } from './compact-json.ts'
import { parseUtcTime } from './timestamp.ts'

const lineFeed = 0x0a
const quote = 0x22
const comma = 0x2c
const minus = 0x2d
const zero = 0x30
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d

type Kind =
  | 'id'
  | 'time'
  | 'message'
  | 'observed'
  | 'dataset'
  | 'text'
  | 'severity'
  | 'offset'
  | 'attributes'

interface KnownKey {
  readonly bytes: Uint8Array
  readonly kind: Kind
  /** One bit a key, to notice one that comes twice. */
  readonly bit: number
}

const kinds: Readonly<Record<string, Kind>> = {
  id: 'id',
  '@timestamp': 'time',
  message: 'message',
  observed_timestamp: 'observed',
  'event.dataset': 'dataset',
  severity_number: 'severity',
  'log.offset': 'offset',
  attributes: 'attributes',
  'log.level': 'text',
  'service.name': 'text',
  'host.name': 'text',
  'agent.id': 'text',
  node: 'text',
  instance: 'text',
  'log.file.path': 'text',
  'trace.id': 'text',
  'span.id': 'text',
}

const slotOf = (length: number, first: number, last: number): number =>
  (length * 29 + first * 7 + last * 3) & 511

/** By length, first and last letter: no two of them share a slot. */
const knownKeys = new Array<KnownKey | undefined>(512).fill(undefined)
for (const [index, [name, kind]] of Object.entries(kinds).entries()) {
  const bytes = new TextEncoder().encode(name)
  const slot = slotOf(bytes.length, bytes[0] ?? 0, bytes.at(-1) ?? 0)
  if (knownKeys[slot] !== undefined) throw new Error(`BUG: "${name}" shares its slot`)
  knownKeys[slot] = { bytes, kind, bit: 1 << index }
}

/** Runs of members between those that are written first. */
const maxRuns = 4

/** Where the parts of one record are; strings without their quotes; `end` is 0 for what is absent. Reused from record to record. */
export interface CompactRecord {
  readonly id: Span
  readonly time: Span
  readonly message: Span
  readonly dataset: Span
  /** All other members as they were sent, with the commas between them. */
  readonly runs: readonly Span[]
  runCount: number
}

export interface Span {
  start: number
  end: number
}

const createSpan = (): Span => ({ start: 0, end: 0 })

export const createCompactRecord = (): CompactRecord => ({
  id: createSpan(),
  time: createSpan(),
  message: createSpan(),
  dataset: createSpan(),
  runs: Array.from({ length: maxRuns }, createSpan),
  runCount: 0,
})

export interface Reading {
  readonly bytes: Buffer
  readonly record: CompactRecord
  readonly isWatched: boolean
}

/** Finds the parts of the record that starts here and a canonical one can take over byte by byte: compact JSON, known keys of the right type once each, `attributes` flat.
 *  Where its line ends, at a line feed or with the bytes. Failing says nothing against a record: it needs the parser. Watched, also one that may hold a secret does. */
export function readCompact(reading: Reading, lineStart: number): number {
  const { bytes, record } = reading
  clear(record)
  if (bytes[lineStart] !== openBrace) return failed
  let seen = 0
  let at = lineStart
  do {
    const start = at + 1
    const keyEnd = endOfKey(bytes, start)
    const key = keyEnd < 0 ? undefined : keyAt(bytes, start + 1, keyEnd)
    if (key === undefined || (seen & key.bit) !== 0) return failed
    seen |= key.bit
    at = endOfMember(reading, key.kind, keyEnd + 2)
    if (at < 0 || (!isHead(key.kind) && !noteRun(record, start, at))) return failed
  } while (bytes[at] === comma)
  return record.message.end > 0 ? endOfLine(bytes, at) : failed
}

/** Past the brace that closes the line's record. */
function endOfLine(bytes: Uint8Array, brace: number): number {
  if (bytes[brace] !== closeBrace) return failed
  const end = brace + 1
  return end === bytes.length || bytes[end] === lineFeed ? end : failed
}

function clear(record: CompactRecord): void {
  record.id.end = 0
  record.time.end = 0
  record.message.end = 0
  record.dataset.end = 0
  record.runCount = 0
}

/** What is written before all else, and so belongs to no run. */
const isHead = (kind: Kind): boolean => kind === 'id' || kind === 'time' || kind === 'message'

/** False when a record has too many runs. */
function noteRun(record: CompactRecord, start: number, end: number): boolean {
  const last = record.runs[record.runCount - 1]
  if (last !== undefined && last.end === start - 1) {
    last.end = end
    return true
  }
  const run = record.runs[record.runCount]
  if (run === undefined) return false
  run.start = start
  run.end = end
  record.runCount += 1
  return true
}

function keyAt(bytes: Uint8Array, start: number, end: number): KnownKey | undefined {
  const known = knownKeys[slotOf(end - start, bytes[start] ?? 0, bytes[end - 1] ?? 0)]
  if (known === undefined || known.bytes.length !== end - start) return undefined
  for (let at = 0; at < known.bytes.length; at += 1)
    if (bytes[start + at] !== known.bytes[at]) return undefined
  return known
}

/** Past the value that starts here; a failure when it is not of its key's type. */
function endOfMember(reading: Reading, kind: Kind, start: number): number {
  const { bytes, record } = reading
  switch (kind) {
    case 'severity':
      return endOfSeverity(bytes, start)
    case 'offset':
      return bytes[start] === minus ? failed : endOfNumber(bytes, start)
    case 'attributes':
      return endOfAttributes(bytes, start, reading.isWatched)
    case 'observed':
      return endOfObserved(bytes, start)
    case 'text':
      return endOfText(reading, start, undefined)
    case 'message':
      return endOfText(reading, start, record.message)
    case 'id':
    case 'time':
    case 'dataset':
      return endOfText(reading, start, record[kind])
  }
}

/** An empty text is an attribute, an empty id or time is none, an empty message is a message that nothing ends. */
function endOfText(reading: Reading, start: number, span: Span | undefined): number {
  const end = endOfQuoted(reading, start, span === reading.record.message)
  if (end <= start + 1) return failed
  const isRead = span === reading.record.id || span === reading.record.dataset
  if (isRead && isEscaped(reading.bytes, start, end)) return failed
  if (span !== undefined) {
    span.start = start + 1
    span.end = end
  }
  return end + 1
}

function isEscaped(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === backslash) return true
  return false
}

const { latin1Slice } = Buffer.prototype
let lastObserved = ''

/** A time that is printed as it would be after parsing. */
function endOfObserved(bytes: Buffer, start: number): number {
  if (bytes[start] !== quote) return failed
  const end = endOfString(bytes, start + 1, false)
  if (end < 0 || end - start > 36) return failed
  const text = latin1Slice.call(bytes, start + 1, end)
  if (text !== lastObserved) {
    if (parseUtcTime(text)?.text !== text) return failed
    lastObserved = text
  }
  return end + 1
}

function endOfQuoted({ bytes, isWatched }: Reading, start: number, mayHide: boolean): number {
  return bytes[start] === quote ? endOfString(bytes, start + 1, isWatched && mayHide) : failed
}

/** 1 to 24. */
function endOfSeverity(bytes: Uint8Array, start: number): number {
  const end = endOfNumber(bytes, start)
  if (end < 0 || end - start > 2) return failed
  const first = (bytes[start] ?? 0) - zero
  const value = end - start === 1 ? first : first * 10 + (bytes[start + 1] ?? 0) - zero
  return value >= 1 && value <= 24 ? end : failed
}
