import { hashSeries, seriesHash } from '../series/series-hash.ts'
import { failed, type PlainCopy } from './plain-copy.ts'
import { copySame } from './same-text.ts'
import { spacesIn, wordOf } from './words.ts'

/** A longer key is read anew each time. */
const maxKeyBytes = 252
const maxKeys = 65_536
const maxBytes = 4 * 1024 ** 2
/** Twice the keys, so that a place is found at once. */
const places = 2 * maxKeys
/** Keys made to fall on one place cost no more than this many looks. */
const maxLooks = 16
/** Of `facts`: stamp, where the bytes start, how many, and the halves of the series' hash. */
const stride = 5
const space = 0x20

/** The keys (`measurement,tag=value,…`) of plain lines that were read lately, with what reading them showed: that they are plain, and the hash of their series. They stand in
 *  the order in which they came first: senders mostly keep theirs, so the next one is looked for there, beside the last, before its bytes are hashed. When it is full it forgets
 *  everything: a key that is not here is read as if it were new. At most 7 MB. */
export interface KnownKeys {
  count: number
  bytes: DataView
  used: number
  facts: Int32Array
  /** Numbers of keys from 1, by the hash of their bytes; 0 is none. */
  readonly index: Uint32Array
  /** Number of the stamp of the key that is looked for. */
  stamp: number
  /** The key that was found or learnt last, and the hash of its series. */
  last: number
  high: number
  low: number
  /** Where the key that was looked for last would stand in the index, and its length; 0: nowhere. */
  place: number
  length: number
}

export const createKnownKeys = (): KnownKeys => ({
  count: 0,
  bytes: new DataView(new ArrayBuffer(64 * 1024)),
  used: 0,
  facts: new Int32Array(1024 * stride),
  index: new Uint32Array(places),
  stamp: 0,
  last: 0,
  high: 0,
  low: 0,
  place: 0,
  length: 0,
})

/** Copies the bytes from `from` up to a space if they are a key that is known with this stamp; returns where the space is, else `failed`. */
export function copyKnownKey(known: KnownKeys, copy: PlainCopy, stamp: number): number {
  known.stamp = stamp
  const end = copyOne(known, copy, known.last + 1)
  return end >= 0 ? end : copyFound(known, copy)
}

function copyOne(known: KnownKeys, copy: PlainCopy, key: number): number {
  if (key >= known.count) return failed
  const { facts } = known
  const at = key * stride
  const length = facts[at + 2] ?? 0
  const end = copy.from + length
  if (facts[at] !== known.stamp || copy.source[end] !== space) return failed
  copy.length = length
  if (!copySame(known.bytes, facts[at + 1] ?? 0, copy)) return failed
  known.last = key
  known.high = facts[at + 3] ?? 0
  known.low = facts[at + 4] ?? 0
  return end
}

function copyFound(known: KnownKeys, copy: PlainCopy): number {
  const { index } = known
  let place = placeOf(known, copy)
  if (place < 0) return failed
  for (let look = 0; look < maxLooks; look += 1) {
    known.place = place
    const key = index[place] ?? 0
    if (key === 0) return failed
    const end = copyOne(known, copy, key - 1)
    if (end >= 0) return end
    place = (place + 1) & (places - 1)
  }
  known.length = 0
  return failed
}

const prime = 0x01000193

const mix = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, prime)
  return mixed ^ (mixed >>> 15)
}

/** The first place for the bytes up to a space; `failed` when they are too many, or none. */
function placeOf(known: KnownKeys, { source, sourceView, from: start }: PlainCopy): number {
  const last = Math.min(source.length - 4, start + maxKeyBytes - 4)
  let hash = known.stamp
  known.length = 0
  for (let at = start; at <= last; at += 4) {
    const word = sourceView.getInt32(at, true)
    const spaces = spacesIn(word)
    if (spaces !== 0) {
      const rest = (31 - Math.clz32(spaces & -spaces)) >>> 3
      known.length = at + rest - start
      hash = mix(mix(hash, wordOf(word, rest)), known.length)
      return known.length === 0 ? failed : (hash ^ (hash >>> 16)) & (places - 1)
    }
    hash = mix(hash, word)
  }
  return failed
}

interface ReadKey {
  readonly start: number
  /** Where the canonical key, stamp included, is in `target`. */
  readonly targetStart: number
  readonly targetEnd: number
}

/** Keeps the key that was looked for last, now that reading it has shown it to be plain. */
export function learnKey(known: KnownKeys, { source, target }: PlainCopy, key: ReadKey): void {
  hashSeries(target, key.targetStart, key.targetEnd)
  known.high = seriesHash.high
  known.low = seriesHash.low
  const { length, count, used } = known
  if (length === 0) return
  if (count === maxKeys || used + length > maxBytes) {
    forget(known)
    return
  }
  grow(known)
  const { bytes, facts } = known
  for (let at = 0; at < length; at += 1) bytes.setUint8(used + at, source[key.start + at] ?? 0)
  facts.set([known.stamp, used, length, known.high, known.low], count * stride)
  known.count = count + 1
  known.used = used + length
  known.index[known.place] = count + 1
  known.last = count
}

function forget(known: KnownKeys): void {
  known.count = 0
  known.used = 0
  known.last = 0
  known.index.fill(0)
}

/** Makes room for one more. */
function grow(known: KnownKeys): void {
  const { facts, bytes } = known
  if ((known.count + 1) * stride > facts.length) {
    known.facts = new Int32Array(facts.length * 2)
    known.facts.set(facts)
  }
  if (known.used + maxKeyBytes <= bytes.byteLength) return
  const grown = new Uint8Array(bytes.byteLength * 2)
  grown.set(new Uint8Array(bytes.buffer))
  known.bytes = new DataView(grown.buffer)
}
