const space = 0x20
const zero = 0x30
/** Digits of nanoseconds from September 2001 to 2286; the first eight are hundreds of seconds. */
const usualDigits = 19
const digitsOfHundreds = 8

/** Hundreds of seconds since the epoch; NaN for what is no time. */
export type Hundreds = number

/** The time of a line of line protocol in nanoseconds, from `start` to before its LF at `end`. */
export function hundredsOf(bytes: Uint8Array, start: number, end: number): Hundreds {
  const at = end - usualDigits
  if (at <= start || bytes[at - 1] !== space) return unusual(bytes, start, end)
  let hundreds = 0
  for (let digit = 0; digit < digitsOfHundreds; digit += 1)
    hundreds = hundreds * 10 + (bytes[at + digit] ?? 0) - zero
  return hundreds
}

function unusual(bytes: Uint8Array, start: number, end: number): Hundreds {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
  const time = line.toString('latin1', line.lastIndexOf(space) + 1)
  return /^-?\d{1,19}$/.test(time) ? Math.floor(Number(time) / 1e11) : Number.NaN
}

/** Whether a line's time is before a second of the same hundred. One in other digits than usual counts as earlier: it is decades away. */
export function isBefore(bytes: Uint8Array, end: number, seconds: number): boolean {
  const at = end - usualDigits
  if (bytes[at - 1] !== space) return true
  const tens = (bytes[at + digitsOfHundreds] ?? 0) - zero
  const ones = (bytes[at + digitsOfHundreds + 1] ?? 0) - zero
  return tens * 10 + ones < seconds % 100
}
