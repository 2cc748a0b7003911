/** Two rounds of multiplication side by side, mixed at the end: the public-domain cyrb53, cut to 48 bits.
 *  https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js */
const seedA = 0xdeadbeef
const seedB = 0x41c6ce57
const primeA = 0x9e3779b1
const primeB = 0x5f356495
const mixA = 0x85ebca6b
const mixB = 0xc2b2ae35
const highBits = 0xffff

/** A text as a number of 48 bits, the same for ever: indexes on disk hold them. Of a million texts two are the same once in 500 times; a text that somebody asks for is taken for one of ten million once in 30 million times. */
export function hashText(text: string): number {
  let a = seedA
  let b = seedB
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    a = Math.imul(a ^ code, primeA)
    b = Math.imul(b ^ code, primeB)
  }
  a = Math.imul(a ^ (a >>> 16), mixA) ^ Math.imul(b ^ (b >>> 13), mixB)
  b = Math.imul(b ^ (b >>> 16), mixA) ^ Math.imul(a ^ (a >>> 13), mixB)
  return (b & highBits) * 2 ** 32 + (a >>> 0)
}
