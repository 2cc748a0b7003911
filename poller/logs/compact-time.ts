import { parseUtcTime } from './timestamp.ts'

/** `YYYY-MM-DDTHH:MM:SS` */
const secondBytes = 19
const dot = 0x2e
const zulu = 0x5a
const zero = 0x30

const lastSecond = new Uint8Array(secondBytes)
let lastMs = Number.NaN

const { latin1Slice } = Buffer.prototype

/** The milliseconds of a time that already stands as it would be printed; NaN for any other. Neighbouring records mostly share their second. */
export function msOfPrinted(bytes: Uint8Array, start: number, end: number): number {
  const fraction = msOfFraction(bytes, start + secondBytes, end)
  if (Number.isNaN(fraction)) return fraction
  if (!isLastSecond(bytes, start)) {
    const text = latin1Slice.call(bytes, start, start + secondBytes)
    const time = parseUtcTime(`${text}Z`)
    if (time?.text !== `${text}Z`) return Number.NaN
    lastSecond.set(bytes.subarray(start, start + secondBytes))
    lastMs = time.ms
  }
  return lastMs + fraction
}

function isLastSecond(bytes: Uint8Array, start: number): boolean {
  // From the end: seconds differ more often than years.
  for (let at = secondBytes - 1; at >= 0; at -= 1)
    if (bytes[start + at] !== lastSecond[at]) return false
  return true
}

/** Of `Z` or `.f…Z` with up to nine digits; NaN for anything else. */
function msOfFraction(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[end - 1] !== zulu || end <= start) return Number.NaN
  if (end === start + 1) return 0
  const digits = end - start - 2
  if (bytes[start] !== dot || digits < 1 || digits > 9) return Number.NaN
  let ms = 0
  for (let at = 0; at < digits; at += 1) {
    const digit = (bytes[start + 1 + at] ?? 0) - zero
    if (digit < 0 || digit > 9) return Number.NaN
    ms += digit * (weights[at] ?? 0)
  }
  return ms
}

/** Of the first digits, in milliseconds. */
const weights = [100, 10, 1]
