import { copyByte, copyWord, from, put, startAt, to } from './copying'
import { copyFields, copyKey, forgetFields } from './fields'
import { hashSeries } from './host'
import { copyKnownKey, high, learnKey, low } from './known-keys'
import {
  maxLines,
  pages,
  seriesAt,
  sourceAt,
  sourceBytes,
  stampAt,
  stampBytes,
  startsAt,
  targetAt,
  targetBytes,
} from './layout'
import { startKeys } from './line-keys'
import { copyTime, forgetTimes, newest, oldest, setWindow } from './times'

export {
  maxLines,
  newest,
  oldest,
  seriesAt,
  setWindow,
  sourceAt,
  sourceBytes,
  stampAt,
  stampBytes,
  startsAt,
  targetAt,
  targetBytes,
}

/** A longer line goes the long way. */
export const maxLineBytes: usize = 4096
/** Vectors are written whole. */
const spare: usize = 64
const lineFeed: u8 = 0x0a
const space: u8 = 0x20
const hash: u8 = 0x23
const comma: u8 = 0x2c

/** Lines that were copied last, and their bytes. */
export let lines: i32 = 0
export let written: usize = 0

let stamp: i32 = 0
let stampLength: usize = 0

memory.grow(pages)

/** The stamp at `stampAt` that lines get from now on; no other text has its number. */
export function setStamp(id: i32, length: usize): void {
  stamp = id
  stampLength = length
}

/** Copies plain lines from `first` on, which start before `last`, each as parsing and writing it would, looking at each byte once; returns where the first line starts that was not copied. It takes the lines that nearly all
 *  senders write: no escape, quote or boolean, finite decimals, no key twice or of Warren's own, a timestamp within the window. One that is not copied may be fine, or there was no more room. */
export function copyLines(first: usize, last: usize, end: usize): usize {
  const room = targetBytes - maxLineBytes - stampLength - spare
  let source = first
  lines = 0
  written = 0
  forgetTimes()
  forgetFields()
  while (source < last && written < room && lines < <i32>maxLines) {
    startAt(source, targetAt + written, min(end, source + maxLineBytes))
    if (!copyLine(end)) break
    store<u32>(startsAt + 4 * lines, <u32>written)
    store<i32>(seriesAt + 8 * lines, high)
    store<i32>(seriesAt + 8 * lines, low, 4)
    store<u8>(to, lineFeed)
    written = to + 1 - targetAt
    source = from + 1
    lines += 1
  }
  return source
}

function copyLine(end: usize): bool {
  if (load<u8>(from) === hash || !copySeriesKey()) return false
  if (!copyFields()) return false
  copyByte(space)
  return copyTime() && (from >= end || load<u8>(from) === lineFeed)
}

/** The key with its stamp. */
function copySeriesKey(): bool {
  if (copyKnownKey(stamp)) {
    put(stampAt, stampLength)
    return true
  }
  const source = from
  const target = to
  if (!copySeries()) return false
  put(stampAt, stampLength)
  const found = seriesAt + 8 * lines
  hashSeries(target, to, found)
  learnKey(source, stamp, found)
  return true
}

/** Measurement and tags, up to the space after them. */
function copySeries(): bool {
  if (copyWord() === 0) return false
  startKeys()
  while (load<u8>(from) === comma) {
    copyByte(comma)
    if (!copyKey() || copyWord() === 0) return false
  }
  return load<u8>(from) === space
}
