/** The bytes with a meaning in line protocol. */
export const tab = 0x09
export const lineFeed = 0x0a
export const carriageReturn = 0x0d
export const space = 0x20
export const quote = 0x22
export const hash = 0x23
export const plus = 0x2b
export const comma = 0x2c
export const minus = 0x2d
export const dot = 0x2e
export const zero = 0x30
export const nine = 0x39
export const equals = 0x3d
export const backslash = 0x5c

export const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= zero && byte <= nine

/** What InfluxDB skips before a line, before its fields and before its timestamp. */
export function skipBlank(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    const byte = bytes[at]
    if (byte !== space && byte !== tab && byte !== 0) break
    at += 1
  }
  return at
}
