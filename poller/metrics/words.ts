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

/** How many bytes are decimal digits before the first that is none; 4 when all are. */
export function digitsIn(word: number): number {
  const values = word ^ allZeros
  // Sums carry over only from bytes that are none: the lowest mark is always right.
  const others = ((values + allPastNine) | values) & allHighs
  return others === 0 ? 4 : (31 - Math.clz32(others & -others)) >>> 3
}

/** The first `bytes` (0 to 3) of a word. */
export const wordOf = (word: number, bytes: number): number => word & ((1 << (bytes * 8)) - 1)
