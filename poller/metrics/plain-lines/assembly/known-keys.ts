import { bytesToSpace, copySame, from, lineEnd } from './copying'
import {
  keyBytes,
  keyBytesAt,
  keyFact,
  keyFactsAt,
  keyPlaces,
  keyPlacesAt,
  maxKeyBytes,
  maxKeys,
} from './layout'

/** The keys (`measurement,tag=value,…`) of plain lines that were read lately, with what reading them showed: that they are plain, and the hash of their series. They stand in
 *  the order in which they came first: senders mostly keep theirs, so the next one is looked for there, beside the last, before its bytes are hashed. When it is full it forgets
 *  everything: a key that is not here is read as if it were new. */

/** A key made to fall on another's place costs no more than this many looks. */
const maxLooks: i32 = 16
const space: u8 = 0x20

let count: i32 = 0
let used: usize = 0
/** The key that was found or learnt last. */
let last: i32 = -1
/** Where the key that was looked for last would stand in the index, and its length; 0: nowhere. */
let place: i32 = 0
let length: usize = 0

/** The hash of the series of the key that was found or learnt last. */
export let high: i32 = 0
export let low: i32 = 0

/** Copies the bytes up to a space if they are a key that is known with this stamp. */
export function copyKnownKey(stamp: i32): bool {
  return copyOne(last + 1, stamp) || copyFound(stamp)
}

function copyOne(key: i32, stamp: i32): bool {
  if (key >= count) return false
  const fact = keyFactsAt + <usize>key * keyFact
  const bytes = <usize>load<u32>(fact, 8)
  if (load<i32>(fact) !== stamp || from + bytes >= lineEnd) return false
  if (load<u8>(from + bytes) !== space) return false
  if (!copySame(<usize>load<u32>(fact, 4), bytes)) return false
  last = key
  high = load<i32>(fact, 12)
  low = load<i32>(fact, 16)
  return true
}

function copyFound(stamp: i32): bool {
  length = bytesToSpace(min(maxKeyBytes + 1, lineEnd - from))
  if (length === 0 || length > maxKeyBytes || from + length >= lineEnd) {
    length = 0
    return false
  }
  place = firstPlace(stamp)
  for (let look: i32 = 0; look < maxLooks; look += 1) {
    const key = load<i32>(keyPlacesAt + 4 * place)
    if (key === 0) return false
    if (copyOne(key - 1, stamp)) return true
    place = (place + 1) & (keyPlaces - 1)
  }
  length = 0
  return false
}

/** 2^64 divided by the golden ratio, made odd. */
// biome-ignore lint/correctness/noPrecisionLoss: an integer of 64 bits here
const prime: u64 = 0x9e37_79b9_7f4a_7c15

function mix(hash: u64, word: u64): u64 {
  const mixed = (hash ^ word) * prime
  return mixed ^ (mixed >> 29)
}

/** Of the `length` bytes from here. */
function firstPlace(stamp: i32): i32 {
  let hash = mix(<u64>stamp, <u64>length)
  let at: usize = 0
  for (; at + 8 <= length; at += 8) hash = mix(hash, load<u64>(from + at))
  const rest = length - at
  if (rest > 0) hash = mix(hash, load<u64>(from + at) << (64 - 8 * <u64>rest))
  return <i32>(hash >> 32) & (keyPlaces - 1)
}

/** Keeps the key that was looked for last and stands at `start`, now that reading it has shown it to be plain; `hash`: where the halves of its series' hash are. */
export function learnKey(start: usize, stamp: i32, hash: usize): void {
  high = load<i32>(hash)
  low = load<i32>(hash, 4)
  if (length === 0) return
  if (count === maxKeys || used + length > keyBytes) {
    forgetKeys()
    return
  }
  const fact = keyFactsAt + <usize>count * keyFact
  memory.copy(keyBytesAt + used, start, length)
  store<i32>(fact, stamp)
  store<u32>(fact, <u32>(keyBytesAt + used), 4)
  store<u32>(fact, <u32>length, 8)
  store<i32>(fact, high, 12)
  store<i32>(fact, low, 16)
  last = count
  count += 1
  used += length
  store<i32>(keyPlacesAt + 4 * place, count)
}

function forgetKeys(): void {
  count = 0
  used = 0
  last = -1
  memory.fill(keyPlacesAt, 0, 4 * <usize>keyPlaces)
}
