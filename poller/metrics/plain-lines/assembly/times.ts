import { copyDigits, copySame, from, lineEnd } from './copying'

/** Of a 64-bit integer; its last digit may still be too large. */
const maxDigits: usize = 19
const maxNs: f64 = 9.2e18
const nsInSecond: u64 = 1_000_000_000

let fromNs: f64 = 0
let toNs: f64 = 0
/** The last timestamp that was found good: lines of one message mostly share theirs, so it is compared before another is read. */
let goodStart: usize = 0
let goodLength: usize = 0

/** Of what was copied in one go, whole seconds since the epoch. */
export let oldest: f64 = 0
export let newest: f64 = 0

/** Timestamps that are believed from now on, nanoseconds since the epoch. */
export function setWindow(first: f64, last: f64): void {
  fromNs = first
  toNs = last
}

/** For other lines, whose bytes are elsewhere. */
export function forgetTimes(): void {
  goodLength = 0
  oldest = Infinity
  newest = -Infinity
}

function isDigit(byte: u8): bool {
  return <u8>(byte - 0x30) <= 9
}

/** Copies the timestamp; false unless it is digits alone, within the window. */
export function copyTime(): bool {
  if (copyGood()) return true
  const start = from
  const length = copyDigits()
  if (length === 0 || length > maxDigits) return false
  let ns: u64 = 0
  let double: f64 = 0
  for (let at = start; at < from; at += 1) {
    const digit = load<u8>(at) - 0x30
    ns = ns * 10 + digit
    double = double * 10 + digit
  }
  if (double > maxNs || double < fromNs || double > toNs) return false
  goodStart = start
  goodLength = length
  note(<f64>(ns / nsInSecond))
  return true
}

/** The last good one once more. */
function copyGood(): bool {
  if (goodLength === 0 || from + goodLength > lineEnd) return false
  if (isDigit(load<u8>(from + goodLength))) return false
  return copySame(goodStart, goodLength)
}

function note(second: f64): void {
  oldest = min(oldest, second)
  newest = max(newest, second)
}
