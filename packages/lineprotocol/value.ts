import { backslash, comma, dot, isDigit, minus, plus, quote, space } from './bytes.ts'
import { toFault } from './line-error.ts'
import { isInt64, isUint64, parseNumber, skipDigits } from './number.ts'

export type FieldKind = 'float' | 'integer' | 'unsigned' | 'string' | 'boolean'

const integerSuffix = 0x69
const unsignedSuffix = 0x75
const isExponentMark = (byte: number | undefined): boolean => byte === 0x65 || byte === 0x45

const missing = toFault('missing field value')
const badNumber = toFault('invalid number')
const badBoolean = toFault('invalid boolean')
const openQuote = toFault('unbalanced quotes')

/** Where the value that starts here ends, or a fault. */
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
  const at = skipDigits(bytes, digits, end)
  const suffix = at < end ? bytes[at] : undefined
  if (suffix !== integerSuffix && suffix !== unsignedSuffix)
    return endOfFloat(bytes, start, { digits, at, end })
  const fits = suffix === integerSuffix ? isInt64 : isUint64
  return at > digits && fits(bytes, start, at) ? closed(bytes, at + 1, end) : badNumber
}

/** `digits`: where the mantissa starts; `at`: past its integer part. */
interface FloatStart {
  readonly digits: number
  readonly at: number
  readonly end: number
}

function endOfFloat(bytes: Uint8Array, start: number, { digits, at, end }: FloatStart): number {
  const hasDot = at < end && bytes[at] === dot
  const after = hasDot ? skipDigits(bytes, at + 1, end) : at
  const count = after - digits - (hasDot ? 1 : 0)
  if (count === 0) return badNumber
  const stop =
    after < end && isExponentMark(bytes[after]) ? endOfExponent(bytes, after, end) : after
  if (stop < 0) return stop
  // Without an exponent, only hundreds of digits can be infinite.
  const mayOverflow = stop > after || count > 300
  if (mayOverflow && !Number.isFinite(parseNumber(bytes, start, stop))) return badNumber
  return closed(bytes, stop, end)
}

function endOfExponent(bytes: Uint8Array, mark: number, end: number): number {
  const sign = bytes[mark + 1]
  const digits = sign === minus || sign === plus ? mark + 2 : mark + 1
  const after = skipDigits(bytes, digits, end)
  return after > digits ? after : badNumber
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
