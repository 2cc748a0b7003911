import { backslash, comma, equals, space } from './bytes.ts'
import { errorOf, type LineErrorCode, toFault } from './line-error.ts'
import type { LineParts, LineSpan } from './line-parts.ts'

/** The tag that `nextTag` has reached; offsets into the line's bytes, still escaped. Reused from tag to tag. */
export interface TagCursor {
  /** Where the next tag's comma is, or `end`. */
  at: number
  end: number
  keyStart: number
  keyEnd: number
  valueStart: number
  valueEnd: number
}

export const createTagCursor = (): TagCursor => ({
  at: 0,
  end: 0,
  keyStart: 0,
  keyEnd: 0,
  valueStart: 0,
  valueEnd: 0,
})

export function startTags(cursor: TagCursor, parts: LineParts): void {
  cursor.at = parts.measurementEnd
  cursor.end = parts.keyEnd
}

/** Moves to the next tag of a line that `scanLine` found good; false after the last. */
export function nextTag(cursor: TagCursor, bytes: Uint8Array): boolean {
  if (cursor.at >= cursor.end) return false
  const { end } = cursor
  const keyStart = cursor.at + 1
  let at = keyStart + 1
  while (at < end && (bytes[at] !== equals || bytes[at - 1] === backslash)) at += 1
  cursor.keyStart = keyStart
  cursor.keyEnd = at
  at += 1
  cursor.valueStart = at
  while (at < end && (bytes[at] !== comma || bytes[at - 1] === backslash)) at += 1
  cursor.valueEnd = at
  cursor.at = at
  return true
}

const noKey = toFault('missing tag key')
const noValue = toFault('missing tag value')
const badFormat = toFault('invalid tag format')
const checked = createTagCursor()

/** Reads `,key=value` pairs from `parts.measurementEnd` to the first unescaped space, and sets `parts.keyEnd`. */
export function scanTagSet(line: LineSpan, parts: LineParts): LineErrorCode | undefined {
  const { bytes, end } = line
  let at = parts.measurementEnd
  while (at >= 0 && at < end && bytes[at] === comma) at = endOfTag(line, at + 1)
  if (at < 0) return errorOf(at)
  if (at >= end) return 'missing fields'
  parts.keyEnd = at
  return isSorted(bytes, parts) || !hasDuplicateTags(bytes, parts) ? undefined : 'duplicate tags'
}

function endOfTag(line: LineSpan, start: number): number {
  const keyEnd = endOfTagKey(line, start)
  return keyEnd < 0 ? keyEnd : endOfTagValue(line, keyEnd + 1)
}

function endOfTagKey({ bytes, end }: LineSpan, start: number): number {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]
    if (byte !== equals && byte !== comma && byte !== space) continue
    if (at === start) return noKey
    if (bytes[at - 1] === backslash) continue
    return byte === equals ? at : noValue
  }
  return start >= end ? noKey : noValue
}

function endOfTagValue({ bytes, end }: LineSpan, start: number): number {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]
    if (byte !== equals && byte !== comma && byte !== space) continue
    if (bytes[at - 1] === backslash) continue
    if (byte === equals) return badFormat
    return at === start ? noValue : at
  }
  return start >= end ? noValue : end
}

/** True when the keys rise strictly, so that none is there twice. */
function isSorted(bytes: Uint8Array, parts: LineParts): boolean {
  startTags(checked, parts)
  if (!nextTag(checked, bytes)) return true
  let previous = checked.keyStart
  while (nextTag(checked, bytes)) {
    if (!isBefore(bytes, previous, checked.keyStart)) return false
    previous = checked.keyStart
  }
  return true
}

/** Compares two keys by their bytes; each ends at an equals sign, which no key's first difference can hide. */
function isBefore(bytes: Uint8Array, left: number, right: number): boolean {
  for (let offset = 0; ; offset += 1) {
    const a = bytes[left + offset] ?? 0
    const b = bytes[right + offset] ?? 0
    if (a !== b) return a < b
    if (a === equals) return false
  }
}

/** Where each key of the present line starts. */
let keyStarts = new Uint32Array(32)
/** Up to as many tags are compared pair by pair: most senders do not sort theirs, and a string a tag costs more than all else of a line. */
const fewTags = 16

function hasDuplicateTags(bytes: Uint8Array, parts: LineParts): boolean {
  const count = findKeys(bytes, parts)
  if (count > fewTags) return hasDuplicateTexts(bytes, parts)
  for (let later = 1; later < count; later += 1)
    for (let earlier = 0; earlier < later; earlier += 1)
      if (isSameKey(bytes, keyStarts[earlier] ?? 0, keyStarts[later] ?? 0)) return true
  return false
}

function findKeys(bytes: Uint8Array, parts: LineParts): number {
  let count = 0
  startTags(checked, parts)
  while (nextTag(checked, bytes)) {
    if (count === keyStarts.length) {
      const grown = new Uint32Array(count * 2)
      grown.set(keyStarts)
      keyStarts = grown
    }
    keyStarts[count] = checked.keyStart
    count += 1
  }
  return count
}

/** Compares two keys up to the equals sign that ends them; an escaped one is part of a key. */
function isSameKey(bytes: Uint8Array, left: number, right: number): boolean {
  for (let offset = 0; ; offset += 1) {
    const byte = bytes[left + offset]
    if (byte !== bytes[right + offset]) return false
    if (byte === equals && bytes[left + offset - 1] !== backslash) return true
  }
}

function hasDuplicateTexts(bytes: Uint8Array, parts: LineParts): boolean {
  const seen = new Set<string>()
  startTags(checked, parts)
  let count = 0
  while (nextTag(checked, bytes)) {
    seen.add(latin1(bytes, checked))
    count += 1
  }
  return seen.size < count
}

function latin1(bytes: Uint8Array, { keyStart, keyEnd }: TagCursor): string {
  let text = ''
  for (let at = keyStart; at < keyEnd; at += 1) text += String.fromCharCode(bytes[at] ?? 0)
  return text
}
