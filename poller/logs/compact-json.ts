import { endOfString } from '../redaction/suspicion.ts'

const quote = 0x22
const colon = 0x3a
const minus = 0x2d
const dot = 0x2e
const zero = 0x30
const nine = 0x39
export const failed = -1

/** Of a key whose quote is at `start`: where its closing quote is, a colon behind it. */
export function endOfKey(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== quote) return failed
  const end = endOfString(bytes, start + 1, false)
  return end >= 0 && bytes[end + 1] === colon ? end : failed
}

/** Digits that a double keeps as they are. */
const maxDigits = 15

/** A number without exponent, of few enough digits, and no negative zero: what reads and prints as the same number everywhere. */
export function endOfNumber(bytes: Uint8Array, start: number): number {
  const first = bytes[start] === minus ? start + 1 : start
  const whole = passDigits(bytes, first)
  if (whole === first) return failed
  // Neither `00` nor `-0`; `-0.5` goes the long way too.
  if (bytes[first] === zero && (whole > first + 1 || first > start)) return failed
  const end = bytes[whole] === dot ? passDigits(bytes, whole + 1) : whole
  if (end === whole + 1 && bytes[whole] === dot) return failed
  return end - first <= maxDigits ? end : failed
}

function passDigits(bytes: Uint8Array, start: number): number {
  let at = start
  for (let byte = bytes[at] ?? 0; byte >= zero && byte <= nine; byte = bytes[at] ?? 0) at += 1
  return at
}
