import { backslash, comma, dot, isDigit, minus, plus, quote, space } from './bytes.ts'
import type { LineErrorCode } from './line-parts.ts'
import { isInt64, isUint64, parseNumber, skipDigits } from './number.ts'

export type FieldKind = 'float' | 'integer' | 'unsigned' | 'string' | 'boolean'

const integerSuffix = 0x69
const unsignedSuffix = 0x75
const isExponentMark = (byte: number | undefined): boolean => byte === 0x65 || byte === 0x45

// A value's end is an offset, or one of these: no allocation where every field passes.
const missing = -1
const badNumber = -2
const badBoolean = -3
const openQuote = -4

export const isValueError = (end: number): boolean => end < 0

export function valueErrors(end: number): LineErrorCode {
  if (end === missing) return 'missing field value'
  if (end === badNumber) return 'invalid number'
  return end === badBoolean ? 'invalid boolean' : 'unbalanced quotes'
}

/** Where the value that starts here ends, or an error (`isValueError`). */
export function endOfValue(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return missing
  const first = bytes[start]
  if (first === comma || first === space) return missing
  if (first === quote) return endOfString(bytes, start, end)
  // `n` and `N`: InfluxDB calls NaN a bad number, and Inf a bad boolean.
  if (isDigit(first) || first === dot || first === minus) return endOfNumber(bytes, start, end)
  if (first === 0x4e || first === 0x6e) return badNumber
  return endOfBoolean(bytes, start, end)
}

/** The kind of a value that `endOfValue` found good. */
export function kindOf(bytes: Uint8Array, start: number, end: number): FieldKind {
  const first = bytes[start]
  if (first === quote) return 'string'
  if (!isDigit(first) && first !== dot && first !== minus) return 'boolean'
  const last = bytes[end - 1]
  if (last === integerSuffix) return 'integer'
  return last === unsignedSuffix ? 'unsigned' : 'float'
}

/** True for `t`, `T`, `true`, `True`, `TRUE`. */
export const isTrue = (bytes: Uint8Array, start: number): boolean =>
  bytes[start] === 0x74 || bytes[start] === 0x54

function endOfString(bytes: Uint8Array, start: number, end: number): number {
  let at = start + 1
  while (at < end && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
  return at < end ? at + 1 : openQuote
}

function endOfNumber(bytes: Uint8Array, start: number, end: number): number {
  const digits = bytes[start] === minus ? start + 1 : start
  let at = skipDigits(bytes, digits, end)
  const suffix = at < end ? bytes[at] : undefined
  if (suffix === integerSuffix)
    return at > digits && isInt64(bytes, start, at) ? closed(bytes, at + 1, end) : badNumber
  if (suffix === unsignedSuffix)
    return at > start && isUint64(bytes, start, at) ? closed(bytes, at + 1, end) : badNumber
  let count = at - digits
  if (suffix === dot) {
    const fraction = at + 1
    at = skipDigits(bytes, fraction, end)
    count += at - fraction
  }
  if (count === 0) return badNumber
  if (at < end && isExponentMark(bytes[at])) return endOfExponent(bytes, start, { at, end })
  // Only a mantissa of hundreds of digits can be infinite without an exponent.
  if (count > 300 && !Number.isFinite(parseNumber(bytes, start, at))) return badNumber
  return closed(bytes, at, end)
}

function endOfExponent(
  bytes: Uint8Array,
  start: number,
  { at, end }: { at: number; end: number },
): number {
  const sign = bytes[at + 1]
  const digits = sign === minus || sign === plus ? at + 2 : at + 1
  const after = skipDigits(bytes, digits, end)
  if (after <= digits || !Number.isFinite(parseNumber(bytes, start, after))) return badNumber
  return closed(bytes, after, end)
}

const closed = (bytes: Uint8Array, at: number, end: number): number =>
  at >= end || bytes[at] === comma || bytes[at] === space ? at : badNumber

const booleans = ['t', 'T', 'true', 'True', 'TRUE', 'f', 'F', 'false', 'False', 'FALSE'].map(
  (word) => Uint8Array.from(word, (letter) => letter.charCodeAt(0)),
)

function endOfBoolean(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] !== comma && bytes[at] !== space) at += 1
  const isWord = (word: Uint8Array): boolean =>
    word.length === at - start && word.every((byte, offset) => byte === bytes[start + offset])
  return booleans.some(isWord) ? at : badBoolean
}
