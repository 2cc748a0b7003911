import { isUtf8 } from 'node:buffer'
import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import { createLineParts, type LineParts, type LineSpan } from '@warren/lineprotocol/line-parts'
import { createLineCursor, nextLine, startLines } from '@warren/lineprotocol/lines'
import { scanLine } from '@warren/lineprotocol/scan'
import type { Chunk, Normalised, RefusedLine } from '../chunk.ts'
import { LineBuffer } from '../line-buffer.ts'
import type { Origin } from '../origin.ts'
import type { MetricPlan } from '../rules/metric-plan.ts'
import { isWithin, ruledWindow, type TimeWindow } from '../time-window.ts'
import { writeFields } from './field-set.ts'
import {
  copyPlainLines,
  type PlainRun,
  startPlainLines,
  toChunk,
} from './plain-lines/copy-plain-lines.ts'
import { type LineWriter, toStamp, writeStampedKey } from './stamp.ts'

export interface NormalisedMetrics extends Normalised<Chunk> {
  /** Integers above 2^53, which a float cannot hold. */
  readonly rounded: number
  readonly dropped: number
}

const space = 0x20
const minus = 0x2d
const zero = 0x30
const hash = 0x23

const out = new LineBuffer()
const cursor = createLineCursor()
const parts = createLineParts()
const encoder = new TextEncoder()

interface Refusal {
  readonly code: DeadLetterCode
  readonly reason: string
}

const notUtf8: Refusal = { code: 'malformed', reason: 'not valid UTF-8' }
const hasNul: Refusal = { code: 'malformed', reason: 'contains a NUL byte' }
const onlyStamped: Refusal = {
  code: 'malformed',
  reason: 'its only fields are tenant and deployment, which come from the routing key',
}
const looksLikeComment: Refusal = {
  code: 'malformed',
  reason: 'the rules make a measurement that begins with #, which is a comment',
}
const noTime: Refusal = {
  code: 'no_timestamp',
  reason: 'neither the line nor its message has a timestamp',
}
const wrongTime: Refusal = {
  code: 'bad_timestamp',
  reason:
    'the timestamp is too old (at least: before 1971) or too far ahead; timestamps are nanoseconds',
}

interface Message extends LineWriter {
  readonly window: TimeWindow
  /** The whole body is valid UTF-8 without NUL, so that no line needs to be looked at for it. */
  readonly isClean: boolean
  /** Lines of it may be copied. */
  readonly isCopied: boolean
  /** ` <ns>` for lines without a timestamp of their own. */
  readonly fallback: Uint8Array | undefined
  /** Absent when no rule is for any line of the message. */
  readonly plan: MetricPlan | undefined
  /** Of the line in hand. */
  keepsIntegers: boolean
  rounded: number
  dropped: number
}

/** Turns one body of line protocol to canonical lines (stores/metrics/metric-store): stamped with the key's tenant and deployment, every number a float,
 *  no field twice, a nanosecond timestamp. Lines that cannot be are refused one by one. Works on bytes alone: no string a line. */
export function normaliseMetrics(
  body: Uint8Array,
  origin: Pick<Origin, 'tenant' | 'deployment' | 'fallbackNs'>,
  window: TimeWindow,
): NormalisedMetrics {
  const message = toMessage(body, origin, window)
  const first = message.isCopied ? copyPlainLines(0) : undefined
  // Nearly always.
  if (first !== undefined && first.next >= body.length)
    return { chunk: toChunk(first), refused: [], rounded: 0, dropped: 0 }
  const refused: RefusedLine[] = []
  out.reset()
  startLines(cursor, body)
  let index = copyLines(message, first === undefined ? 0 : appendRun(first, 0))
  for (; nextLine(cursor); index = copyLines(message, index + 1)) {
    const refusal = readLine(cursor, message, index)
    if (refusal !== undefined) refused.push({ ...refusal, index, bytes: copyOf(body, cursor) })
  }
  const { rounded, dropped } = message
  return { chunk: out.toChunk(), refused, rounded, dropped }
}

/** A Buffer's own slice would be no copy, and show what the message's buffer holds later. */
const copyOf = (body: Uint8Array, { start, end }: LineSpan): Uint8Array =>
  new Uint8Array(body.subarray(start, end))

/** Copies lines as long as they are plain; returns the index of the first one that is not. */
function copyLines({ isCopied }: Message, first: number): number {
  let index = first
  while (isCopied && cursor.next < cursor.bytes.length) {
    const run = copyPlainLines(cursor.next)
    if (run === undefined) return index
    index = appendRun(run, index)
  }
  return index
}

/** Returns the index of the line after it. */
function appendRun(run: PlainRun, first: number): number {
  out.append(run, first)
  cursor.next = run.next
  return first + run.starts.length - 1
}

function toMessage(
  body: Uint8Array,
  origin: Pick<Origin, 'tenant' | 'deployment' | 'fallbackNs'>,
  window: TimeWindow,
): Message {
  const { fallbackNs } = origin
  const rules = window.rules?.metrics(origin)
  const ruled = ruledWindow(window, window.rules?.window(origin))
  const stamp = toStamp(origin)
  const plan = rules?.isPlain === true ? undefined : rules
  const isClean = isUtf8(body) && !body.includes(0)
  return {
    ...{ out, stamp, plan, isClean, window: ruled },
    isCopied: isClean && plan === undefined && startPlainLines(body, { stamp, window: ruled }),
    fallback: fallbackNs === undefined ? undefined : encoder.encode(` ${fallbackNs}`),
    keepsIntegers: false,
    rounded: 0,
    dropped: 0,
  }
}

function readLine(line: LineSpan, message: Message, index: number): Refusal | undefined {
  const dirt = message.isClean ? undefined : dirtOf(line)
  if (dirt !== undefined) return dirt
  const error = scanLine(line, parts)
  if (error !== undefined) return { code: 'malformed', reason: error }
  if (message.plan?.rewrites(line.bytes, parts) === true)
    return writeRewritten(line.bytes, message, index)
  return writeLine(line, message, index)
}

/** The line as the rules make it, read again: whatever they do, what is written is canonical. */
function writeRewritten(bytes: Uint8Array, message: Message, index: number): Refusal | undefined {
  const rewritten = message.plan?.rewrite(bytes, parts)
  if (rewritten === undefined) {
    message.dropped += 1
    return undefined
  }
  if (rewritten[0] === hash) return looksLikeComment
  const line = { bytes: rewritten, start: 0, end: rewritten.length }
  const error = scanLine(line, parts)
  if (error !== undefined) return { code: 'malformed', reason: `after the rules: ${error}` }
  return writeLine(line, message, index)
}

/** Writes the line whose parts were scanned last. */
function writeLine(line: LineSpan, message: Message, index: number): Refusal | undefined {
  const wrong = timeRefusal(line.bytes, parts, message)
  if (wrong !== undefined) return wrong
  const start = out.length
  out.reserve(line.end - line.start + message.stamp.bytes.length + 32)
  writeStampedKey(line.bytes, parts, message)
  out.bytes[out.length++] = space
  message.keepsIntegers = message.plan?.keepsIntegers(line.bytes, parts) === true
  const rounded = writeFields(line.bytes, parts, message)
  if (rounded === undefined) {
    out.length = start
    return onlyStamped
  }
  message.rounded += rounded
  writeTime(line.bytes, message)
  out.endLine(start, index)
  return undefined
}

function dirtOf({ bytes, start, end }: LineSpan): Refusal | undefined {
  const line = bytes.subarray(start, end)
  if (line.includes(0)) return hasNul
  return isUtf8(line) ? undefined : notUtf8
}

function timeRefusal(
  bytes: Uint8Array,
  { timeStart, timeEnd }: LineParts,
  { window, fallback }: Message,
): Refusal | undefined {
  if (timeStart >= 0)
    return isWithin(window, toDouble(bytes, timeStart, timeEnd)) ? undefined : wrongTime
  if (fallback === undefined) return noTime
  return isWithin(window, toDouble(fallback, 1, fallback.length)) ? undefined : wrongTime
}

/** Digits as a double: near enough for a window of years. */
function toDouble(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === minus
  let value = 0
  for (let at = negative ? start + 1 : start; at < end; at += 1)
    value = value * 10 + (bytes[at] ?? zero) - zero
  return negative ? -value : value
}

function writeTime(bytes: Uint8Array, { fallback }: Message): void {
  const { timeStart, timeEnd } = parts
  if (timeStart < 0) {
    if (fallback !== undefined) out.copy(fallback, 0, fallback.length)
    return
  }
  out.bytes[out.length++] = space
  out.copy(bytes, timeStart, timeEnd)
}
