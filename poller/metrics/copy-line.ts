import type { LineCursor } from '@warren/lineprotocol/lines'
import type { LineBuffer } from '../line-buffer.ts'
import { copyKnownKey, createKnownKeys, learnKey } from './known-keys.ts'
import { copyTo, copyWord, createPlainCopy, failed, startCopy } from './plain-copy.ts'
import { copyFields, copyKey, createPlainFields } from './plain-fields.ts'
import { createPlainKeys, startKeys } from './plain-keys.ts'
import { copyTime, type PlainTimes } from './plain-time.ts'
import type { Stamp } from './stamp.ts'

const lineFeed = 0x0a
const space = 0x20
const hash = 0x23
const comma = 0x2c
/** A longer line goes the long way. */
const maxPlainBytes = 4096
/** A word is written whole where only its first bytes count. */
const wordBytes = 4

export interface CopiedTo {
  readonly out: LineBuffer
  /** Of tenant and deployment. */
  readonly stamp: Stamp
  readonly times: PlainTimes
}

type Lines = Pick<LineCursor, 'bytes' | 'next'>

const keys = createPlainKeys()
const copy = createPlainCopy()
const known = createKnownKeys()
const fields = createPlainFields()

/** Before the lines of a body are copied. */
export function startLinesToCopy(body: Uint8Array): void {
  startCopy(copy, body)
  fields.count = 0
}

/** Writes the next line as parsing and writing it would, looking at each byte once, and returns where the one after it starts. It takes the lines that nearly all
 *  senders write: no escape, quote or boolean, finite decimals, no key twice or of Warren's own, a timestamp within the window. `failed`, with nothing written, says nothing against any other. */
export function copyLine(
  { bytes: source, next: start }: Lines,
  to: CopiedTo,
  index: number,
): number {
  const { out, stamp } = to
  if (source[start] === hash) return failed
  out.reserve(maxPlainBytes + stamp.bytes.length + wordBytes)
  const first = out.length
  copy.end = Math.min(source.length, start + maxPlainBytes)
  copyTo(copy, out.bytes)
  copy.shift = first - start
  const keyEnd = copySeriesKey(start, stamp)
  if (keyEnd < 0) return failed
  const fieldsEnd = copyFields(fields, copy, keyEnd)
  if (fieldsEnd < 0) return failed
  copy.target[fieldsEnd + copy.shift] = space
  const end = copyTime(to.times, copy, fieldsEnd + 1)
  if (end < 0 || (end < source.length && source[end] !== lineFeed)) return failed
  out.length = end + copy.shift
  out.endLine(first, index)
  out.noteSeries(known.high, known.low)
  return end + 1
}

/** The key with its stamp. */
function copySeriesKey(start: number, stamp: Stamp): number {
  copy.from = start
  const knownEnd = copyKnownKey(known, copy, stamp.id)
  if (knownEnd >= 0) {
    writeStamp(stamp, knownEnd)
    return knownEnd
  }
  const targetStart = start + copy.shift
  const keyEnd = copySeries(start)
  if (keyEnd < 0) return failed
  writeStamp(stamp, keyEnd)
  learnKey(known, copy, { start, targetStart, targetEnd: keyEnd + copy.shift })
  return keyEnd
}

function writeStamp({ view }: Stamp, keyEnd: number): void {
  const { targetView, shift } = copy
  const start = keyEnd + shift
  const last = view.byteLength - wordBytes
  for (let at = 0; at < last; at += wordBytes)
    targetView.setInt32(start + at, view.getInt32(at, true), true)
  // A stamp is longer than one word; the last one overlaps the one before.
  targetView.setInt32(start + last, view.getInt32(last, true), true)
  copy.shift = shift + view.byteLength
}

/** Measurement and tags, up to the space after them. */
function copySeries(start: number): number {
  const { source, end, target, shift } = copy
  let at = copyWord(copy, start)
  if (at === start) return failed
  startKeys(keys, source)
  while (at < end && source[at] === comma) {
    target[at + shift] = comma
    const valueStart = copyKey(copy, keys, at + 1)
    at = valueStart < 0 ? valueStart : copyWord(copy, valueStart)
    if (at <= valueStart) return failed
  }
  return at < end && source[at] === space ? at : failed
}
