import { mayNameSecret } from '../redaction/keywords.ts'
import { endOfString } from '../redaction/suspicion.ts'
import { endOfKey, endOfNumber, failed } from './compact-json.ts'

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d

/** Attributes whose keys are compared pair by pair. */
const maxAttributes = 16
const keyStarts = new Uint32Array(maxAttributes)
const keyLengths = new Uint32Array(maxAttributes)
let keyCount = 0

/** Past a flat object: at least one member, no key twice, no null. */
export function endOfAttributes(bytes: Uint8Array, start: number, isWatched: boolean): number {
  if (bytes[start] !== openBrace) return failed
  keyCount = 0
  let at = start
  do {
    const keyStart = at + 2
    const keyEnd = endOfKey(bytes, at + 1)
    if (keyEnd < 0 || isRepeated(bytes, keyStart, keyEnd)) return failed
    if (isWatched && mayNameSecret(bytes, keyEnd, keyStart)) return failed
    at = endOfAttribute(bytes, keyEnd + 2, isWatched)
    if (at < 0) return failed
  } while (bytes[at] === comma)
  return bytes[at] === closeBrace ? at + 1 : failed
}

function endOfAttribute(bytes: Uint8Array, start: number, isWatched: boolean): number {
  const first = bytes[start]
  if (first === quote) {
    const end = endOfString(bytes, start + 1, isWatched)
    return end < 0 ? failed : end + 1
  }
  if (first === 0x74) return hasWord(bytes, start, trueWord) ? start + trueWord.length : failed
  if (first === 0x66) return hasWord(bytes, start, falseWord) ? start + falseWord.length : failed
  return endOfNumber(bytes, start)
}

const trueWord = new TextEncoder().encode('true')
const falseWord = new TextEncoder().encode('false')

function hasWord(bytes: Uint8Array, start: number, word: Uint8Array): boolean {
  for (let at = 0; at < word.length; at += 1) if (bytes[start + at] !== word[at]) return false
  return true
}

/** Whether the key was there before, is one too many, or is escaped and so could be another's twin. */
function isRepeated(bytes: Uint8Array, start: number, end: number): boolean {
  if (keyCount === maxAttributes) return true
  for (let at = start; at < end; at += 1) if (bytes[at] === backslash) return true
  for (let earlier = 0; earlier < keyCount; earlier += 1)
    if (keyLengths[earlier] === end - start && isSame(bytes, keyStarts[earlier] ?? 0, start))
      return true
  keyStarts[keyCount] = start
  keyLengths[keyCount] = end - start
  keyCount += 1
  return false
}

/** Compares up to the quote that ends both. */
function isSame(bytes: Uint8Array, one: number, other: number): boolean {
  for (let at = 0; bytes[one + at] !== quote; at += 1)
    if (bytes[one + at] !== bytes[other + at]) return false
  return true
}
