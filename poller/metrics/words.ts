/** Four bytes as one number, the first one lowest. */

const allOnes = 0x01010101
const allHighs = 0x80808080 | 0
const allSpaces = 0x20202020
const allZeros = 0x30303030
/** What lifts ten to the highest bit of its byte, and nine not. */
const allPastNine = 0x76767676

/** Not 0 when a byte of the word is a space; its lowest bit then is the highest of the first one.
 *  https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord */
export function spacesIn(word: number): number {
  const differences = word ^ allSpaces
  return (differences - allOnes) & ~differences & allHighs
}

/** Whether all four bytes are decimal digits. */
export function isDigits(word: number): boolean {
  const values = word ^ allZeros
  return (((values + allPastNine) | values) & allHighs) === 0
}

/** The first `bytes` (0 to 3) of a word. */
export const wordOf = (word: number, bytes: number): number => word & ((1 << (bytes * 8)) - 1)
