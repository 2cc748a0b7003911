const comma = 0x2c
const space = 0x20
const backslash = 0x5c

/** FNV-1a's: http://www.isthe.com/chongo/tech/comp/fnv/ */
const prime = 0x01000193
const basis = 0x811c9dc5
/** 2^32 divided by the golden ratio, made odd. */
const golden = 0x9e3779b1

/** The halves of the hash that was computed last, as signed integers: of a larger number V8 makes an object each time it is handed on. */
export const seriesHash = { high: 0, low: 0 }

const tenantTag = Buffer.from(',tenant=')

/** The stamp that ends every canonical key; in a sender's own value its comma is escaped. */
function isTenantTag(bytes: Uint8Array, at: number): boolean {
  for (let offset = 1; offset < tenantTag.length; offset += 1)
    if (bytes[at + offset] !== tenantTag[offset]) return false
  return bytes[at - 1] !== backslash
}

function endOfPart(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && bytes[at] !== comma && bytes[at] !== space) at += 1
  return at
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24)

/** Of less than four bytes. */
function shortWord(bytes: Uint8Array, from: number, end: number): number {
  let word = end - from
  for (let at = from; at < end; at += 1) word = (word << 8) | (bytes[at] as number)
  return word
}

/** Four bytes at a time, the last four once more where they are no whole word, since every point passes here. */
function addPart(bytes: Uint8Array, from: number, end: number): void {
  let one = basis ^ (end - from)
  let other = golden
  const last = end - 4
  for (let at = from; at < last; at += 4) {
    const word = wordAt(bytes, at)
    one = Math.imul(one ^ word, prime)
    one ^= one >>> 15
    other = Math.imul(other + word, golden)
    other ^= other >>> 13
  }
  const word = last >= from ? wordAt(bytes, last) : shortWord(bytes, from, end)
  one = Math.imul(one ^ word, prime)
  other = Math.imul(other + word, golden)
  one = Math.imul(one ^ (one >>> 15), 0x85ebca6b)
  other = Math.imul(other ^ (other >>> 13), 0xc2b2ae35)
  seriesHash.high = (seriesHash.high + (one ^ (one >>> 13))) | 0
  seriesHash.low = (seriesHash.low + (other ^ (other >>> 16))) | 0
}

/** Hashes `measurement,tag=value,…` of a canonical line to 64 bits, the same in whatever order the tags come; returns where it ended: at `end`, the tag of the tenant or the first space that is not escaped.
 *  Texts that are made for it collide: it tells series apart, it keeps no secret. */
export function hashSeries(bytes: Uint8Array, start: number, end: number): number {
  seriesHash.high = 0
  seriesHash.low = 0
  let at = endOfPart(bytes, start, end)
  addPart(bytes, start, at)
  while (at < end) {
    if (bytes[at] === space ? bytes[at - 1] !== backslash : isTenantTag(bytes, at)) break
    const from = at + 1
    at = endOfPart(bytes, from, end)
    addPart(bytes, from, at)
  }
  return at
}
