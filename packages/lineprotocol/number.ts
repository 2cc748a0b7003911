import { dot, isDigit, minus, zero } from './bytes.ts'

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

function toText(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at += 1) text += String.fromCharCode(bytes[at] ?? zero)
  return text
}

const maxInt64 = 2n ** 63n - 1n
const maxUint64 = 2n ** 64n - 1n

/** Whether the digits, with an optional minus, fit a signed 64-bit integer. */
export function isInt64(bytes: Uint8Array, start: number, end: number): boolean {
  const negative = bytes[start] === minus
  const first = skipZeros(bytes, negative ? start + 1 : start, end)
  if (end - first < 19) return true
  if (end - first > 19) return false
  return BigInt(toText(bytes, first, end)) <= (negative ? maxInt64 + 1n : maxInt64)
}

/** Whether the digits fit an unsigned 64-bit integer. */
export function isUint64(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] === minus) return false
  const first = skipZeros(bytes, start, end)
  if (end - first < 20) return true
  return end - first === 20 && BigInt(toText(bytes, first, end)) <= maxUint64
}

function skipZeros(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] === zero) at += 1
  return at
}
