import { dot, isDigit, minus, zero } from './bytes.ts'
import type { LineSpan } from './line-parts.ts'

/** Powers of ten that a double holds exactly. */
const exactPowers = Array.from({ length: 23 }, (_, power) => 10 ** power)
/** Digits that always fit 2^53. */
const exactDigits = 15

export function skipDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && isDigit(bytes[at])) at += 1
  return at
}

/** The double nearest to a decimal number without suffix, as InfluxDB and JavaScript round it; an integer beyond 2^53 is rounded too.
 *  Exact by construction up to 15 digits (one correctly rounded division of two exact doubles), else through `Number`. */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === minus
  let mantissa = 0
  let digits = 0
  let fraction = -1
  for (let at = negative ? start + 1 : start; at < end; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte === dot) {
      fraction = digits
      continue
    }
    if (!isDigit(byte)) return Number(toText(bytes, start, end))
    mantissa = mantissa * 10 + (byte - zero)
    digits += 1
  }
  if (digits > exactDigits) return Number(toText(bytes, start, end))
  const value = fraction < 0 ? mantissa : mantissa / (exactPowers[digits - fraction] ?? 1)
  return negative ? -value : value
}

/** A decimal 64-bit integer without suffix, e.g. a timestamp. */
export function parseInteger(bytes: Uint8Array, start: number, end: number): bigint {
  const negative = bytes[start] === minus
  const first = negative ? start + 1 : start
  const middle = Math.max(first, end - exactDigits)
  const high = toInteger(bytes, first, middle)
  const low = toInteger(bytes, middle, end)
  const value = high === 0 ? BigInt(low) : BigInt(high) * 1_000_000_000_000_000n + BigInt(low)
  return negative ? -value : value
}

function toInteger(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at += 1) value = value * 10 + ((bytes[at] ?? zero) - zero)
  return value
}

const { latin1Slice } = Buffer.prototype
/** Twice as fast as a TextDecoder for a few bytes. */
const toText = (bytes: Uint8Array, start: number, end: number): string =>
  latin1Slice.call(bytes, start, end)

/** The magnitudes that still fit, as digits: compared as text, since making a bigint of each timestamp would cost more than the whole scan. */
const toDigits = (text: string): Uint8Array => Uint8Array.from(text, (digit) => digit.charCodeAt(0))
const maxInt64 = toDigits('9223372036854775807')
const minInt64 = toDigits('9223372036854775808')
const maxUint64 = toDigits('18446744073709551615')

/** Whether the digits, with an optional minus, fit a signed 64-bit integer. */
export function isInt64(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < maxInt64.length) return true
  const negative = bytes[start] === minus
  const first = skipZeros(bytes, negative ? start + 1 : start, end)
  return isAtMost({ bytes, start: first, end }, negative ? minInt64 : maxInt64)
}

/** Whether the digits fit an unsigned 64-bit integer. */
export function isUint64(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] === minus) return false
  if (end - start < maxUint64.length) return true
  return isAtMost({ bytes, start: skipZeros(bytes, start, end), end }, maxUint64)
}

function isAtMost({ bytes, start, end }: LineSpan, bound: Uint8Array): boolean {
  if (end - start !== bound.length) return end - start < bound.length
  for (let at = 0; at < bound.length; at += 1) {
    const difference = (bytes[start + at] ?? 0) - (bound[at] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return true
}

function skipZeros(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] === zero) at += 1
  return at
}
