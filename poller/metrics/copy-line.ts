import type { LineCursor } from '@warren/lineprotocol/lines'
import type { LineBuffer } from '../line-buffer.ts'
import { copyKnownKey, createKnownKeys, learnKey } from './known-keys.ts'
import { copyNumber, copyTo, copyWord, createPlainCopy, failed, startCopy } from './plain-copy.ts'
import { createPlainKeys, isNewKey, startKeys } from './plain-keys.ts'
import { copyTime, type PlainTimes } from './plain-time.ts'
import type { Stamp } from './stamp.ts'

const lineFeed = 0x0a
const space = 0x20
const hash = 0x23
const comma = 0x2c
const equals = 0x3d
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

/** Before the lines of a body are copied. */
export function startLinesToCopy(body: Uint8Array): void {
  startCopy(copy, body)
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
  const fieldsEnd = copyFields(keyEnd)
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
  const knownEnd = copyKnownKey(known, copy, { start, stamp: stamp.id })
  if (knownEnd >= 0) {
    writeStamp(stamp, knownEnd)
    return knownEnd
  }
  const targetStart = start + copy.shift
  const keyEnd = copySeries(start)
  if (keyEnd < 0) return failed
  writeStamp(stamp, keyEnd)
  learnKey(known, copy, { start, stamp: stamp.id, targetStart, targetEnd: keyEnd + copy.shift })
  return keyEnd
}

function writeStamp({ bytes: stamp }: Stamp, keyEnd: number): void {
  const { target, shift } = copy
  const start = keyEnd + shift
  for (let at = 0; at < stamp.length; at += 1) target[start + at] = stamp[at] ?? 0
  copy.shift = shift + stamp.length
}

/** Measurement and tags, up to the space after them. */
function copySeries(start: number): number {
  const { source, end, target, shift } = copy
  let at = copyWord(copy, start)
  if (at === start) return failed
  startKeys(keys, source)
  while (at < end && source[at] === comma) {
    target[at + shift] = comma
    const valueStart = copyKey(at + 1)
    at = valueStart < 0 ? valueStart : copyWord(copy, valueStart)
    if (at <= valueStart) return failed
  }
  return at < end && source[at] === space ? at : failed
}

/** ` key=number,…` up to the space after it. */
function copyFields(start: number): number {
  const { source, end, target } = copy
  let at = start
  startKeys(keys, source)
  do {
    target[at + copy.shift] = source[at] ?? 0
    const valueStart = copyKey(at + 1)
    at = valueStart < 0 ? valueStart : copyNumber(copy, valueStart)
    if (at < 0) return failed
  } while (at < end && source[at] === comma)
  return at < end && source[at] === space ? at : failed
}

/** `key=`; returns where its value starts. */
function copyKey(start: number): number {
  const { source, end, target, shift } = copy
  const at = copyWord(copy, start)
  if (at >= end || source[at] !== equals || !isNewKey(keys, start, at)) return failed
  target[at + shift] = equals
  return at + 1
}
