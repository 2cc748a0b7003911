import { backslash, comma, equals, space } from './bytes.ts'
import type { LineErrorCode, LineParts, LineSpan } from './line-parts.ts'

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

const checked = createTagCursor()

/** Reads `,key=value` pairs from `parts.measurementEnd` to the first unescaped space, and sets `parts.keyEnd`. */
export function scanTagSet(line: LineSpan, parts: LineParts): LineErrorCode | undefined {
  const { bytes, end } = line
  let sorted = true
  let previousStart = -1
  let previousEnd = -1
  let at = parts.measurementEnd
  while (bytes[at] === comma) {
    const keyStart = at + 1
    const keyEnd = endOfTagKey(line, keyStart)
    if (keyEnd < 0) return keyEnd === noKey ? 'missing tag key' : 'missing tag value'
    at = endOfTagValue(line, keyEnd + 1)
    if (at < 0) return at === noValue ? 'missing tag value' : 'invalid tag format'
    if (at >= end) return 'missing fields'
    if (previousStart >= 0 && sorted)
      sorted = isBefore(bytes, { previousStart, previousEnd, keyStart, keyEnd })
    previousStart = keyStart
    previousEnd = keyEnd
  }
  parts.keyEnd = at
  return sorted || !hasDuplicateTags(bytes, parts) ? undefined : 'duplicate tags'
}

const noKey = -1
const noValue = -2
const badFormat = -3

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

interface TwoKeys {
  readonly previousStart: number
  readonly previousEnd: number
  readonly keyStart: number
  readonly keyEnd: number
}

function isBefore(bytes: Uint8Array, keys: TwoKeys): boolean {
  const { previousStart, previousEnd, keyStart, keyEnd } = keys
  const shared = Math.min(previousEnd - previousStart, keyEnd - keyStart)
  for (let offset = 0; offset < shared; offset += 1) {
    const left = bytes[previousStart + offset] ?? 0
    const right = bytes[keyStart + offset] ?? 0
    if (left !== right) return left < right
  }
  return previousEnd - previousStart < keyEnd - keyStart
}

function hasDuplicateTags(bytes: Uint8Array, parts: LineParts): boolean {
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
