import { backslash, comma, equals, quote, skipBlank, space } from './bytes.ts'
import { errorOf, type LineErrorCode, toFault } from './line-error.ts'
import type { LineParts, LineSpan } from './line-parts.ts'
import { endOfValue, type FieldKind, kindOf } from './value.ts'

/** The field that `nextField` has reached; offsets into the line's bytes. Reused from field to field. */
export interface FieldCursor {
  /** Where the next field's key starts, or past `end`. */
  at: number
  end: number
  keyStart: number
  keyEnd: number
  /** Of a string: inside the quotes, still escaped. Of an integer: without `i` or `u`. */
  valueStart: number
  valueEnd: number
  kind: FieldKind
}

export const createFieldCursor = (): FieldCursor => ({
  at: 0,
  end: 0,
  keyStart: 0,
  keyEnd: 0,
  valueStart: 0,
  valueEnd: 0,
  kind: 'float',
})

export function startFields(cursor: FieldCursor, parts: LineParts): void {
  cursor.at = parts.fieldsStart
  cursor.end = parts.fieldsEnd
}

/** Moves to the next field of a line that `scanLine` found good; false after the last. */
export function nextField(cursor: FieldCursor, bytes: Uint8Array): boolean {
  const { end } = cursor
  if (cursor.at >= end) return false
  let at = cursor.at + 1
  while (at < end && (bytes[at] !== equals || bytes[at - 1] === backslash)) at += 1
  cursor.keyStart = cursor.at
  cursor.keyEnd = at
  const valueStart = at + 1
  const valueEnd = endOfRawValue(bytes, valueStart, end)
  cursor.at = valueEnd + 1
  const kind = kindOf(bytes, valueStart, valueEnd)
  cursor.kind = kind
  cursor.valueStart = kind === 'string' ? valueStart + 1 : valueStart
  cursor.valueEnd = kind === 'float' || kind === 'boolean' ? valueEnd : valueEnd - 1
  return true
}

function endOfRawValue(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  if (bytes[at] === quote) {
    at += 1
    while (at < end && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
  }
  while (at < end && bytes[at] !== comma) at += 1
  return at
}

const noKey = toFault('missing field key')
const badFormat = toFault('invalid field format')

/** Reads `key=value,…` after the series key up to the first space outside quotes; sets `fieldsStart` and `fieldsEnd`. */
export function scanFieldSet(line: LineSpan, parts: LineParts): LineErrorCode | undefined {
  const { bytes, end } = line
  const start = skipBlank(bytes, parts.keyEnd, end)
  if (start >= end) return 'missing fields'
  let at = endOfField(line, start)
  while (at >= 0 && at < end && bytes[at] === comma) at = endOfField(line, at + 1)
  if (at < 0) return errorOf(at)
  parts.fieldsStart = start
  parts.fieldsEnd = at
  return undefined
}

function endOfField(line: LineSpan, start: number): number {
  const { bytes, end } = line
  const keyEnd = endOfFieldKey(line, start)
  if (keyEnd < 0) return keyEnd
  const valueEnd = endOfValue(bytes, keyEnd + 1, end)
  if (valueEnd < 0 || valueEnd >= end) return valueEnd
  const after = bytes[valueEnd]
  return after === comma || after === space ? valueEnd : badFormat
}

function endOfFieldKey({ bytes, end }: LineSpan, start: number): number {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]
    if (byte !== equals && byte !== comma && byte !== space) continue
    if (at > start && bytes[at - 1] === backslash) continue
    if (byte !== equals) return badFormat
    return at === start ? noKey : at
  }
  return badFormat
}
