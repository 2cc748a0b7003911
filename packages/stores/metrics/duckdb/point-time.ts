/** Midnight-relative time without a bigint; reused from line to line. */
export interface PointTime {
  /** Days since the epoch, UTC. */
  day: number
  /** Nanoseconds since its midnight: below 2^47, so exact. */
  offsetNs: number
}

const minus = 0x2d
const zero = 0x30
const nsPerSecond = 1_000_000_000
const secondsPerDay = 86_400
const nsDigits = 9

function digits(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) value = value * 10 + ((bytes[at] ?? zero) - zero)
  return value
}

/** Reads a decimal 64-bit nanosecond timestamp. */
export function readPointTime(
  bytes: Uint8Array,
  span: { start: number; end: number },
  time: PointTime,
): void {
  const negative = bytes[span.start] === minus
  const start = negative ? span.start + 1 : span.start
  const middle = Math.max(start, span.end - nsDigits)
  let seconds = digits(bytes, start, middle)
  let ns = digits(bytes, middle, span.end)
  if (negative) {
    seconds = ns > 0 ? -seconds - 1 : -seconds
    if (ns > 0) ns = nsPerSecond - ns
  }
  time.day = Math.floor(seconds / secondsPerDay)
  time.offsetNs = (seconds - time.day * secondsPerDay) * nsPerSecond + ns
}
