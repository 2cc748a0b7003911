import type { Entry } from './push.ts'

/** The years that RFC 3339 can write. */
const endSeconds = 253_402_300_800

let lastSeconds = ''
let lastText = ''

/** RFC 3339 with nanoseconds; undefined for a time before 1970 or after 9999. */
export function toTime({ seconds, nanoseconds }: Entry): string | undefined {
  // Neighbouring lines mostly share their second.
  if (seconds !== lastSeconds) {
    const value = Number(seconds)
    if (!(value >= 0 && value < endSeconds)) return undefined
    lastText = new Date(value * 1_000).toISOString().slice(0, 19)
    lastSeconds = seconds
  }
  if (!(nanoseconds >= 0 && nanoseconds < 1e9)) return undefined
  return `${lastText}.${String(nanoseconds).padStart(9, '0')}Z`
}
