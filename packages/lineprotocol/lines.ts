import {
  backslash,
  carriageReturn,
  comma,
  equals,
  hash,
  lineFeed,
  quote,
  skipBlank,
  space,
} from './bytes.ts'
import type { LineSpan } from './line-parts.ts'

/** Walks the lines of a body; itself the line it has reached. */
export interface LineCursor extends LineSpan {
  bytes: Uint8Array
  start: number
  end: number
  /** Where the next line starts. */
  next: number
  /** The first double quote at or after `next`; `bytes.length` when there is none. */
  quoteAt: number
  /** A quote was never closed: from there on a line ends at its line feed. */
  openQuote: boolean
}

export const createLineCursor = (): LineCursor => ({
  bytes: new Uint8Array(0),
  start: 0,
  end: 0,
  next: 0,
  quoteAt: 0,
  openQuote: false,
})

export function startLines(cursor: LineCursor, bytes: Uint8Array): void {
  cursor.bytes = bytes
  cursor.start = 0
  cursor.end = 0
  cursor.next = 0
  cursor.quoteAt = -1
  cursor.openQuote = false
}

/** Moves to the next line that is neither blank nor a comment; false after the last. Blanks before a line and a CR at its end are left out.
 *  A line feed inside a quoted string belongs to its line, as in InfluxDB; but where a quote is never closed the line ends at its line feed, so that one
 *  bad line does not take all that follow with it, and a comment always ends at its line feed. Linear over the whole body. */
export function nextLine(cursor: LineCursor): boolean {
  const { bytes } = cursor
  while (cursor.next < bytes.length) {
    const start = skipBlank(bytes, cursor.next, bytes.length)
    let end = indexOf(bytes, lineFeed, start)
    if (bytes[start] !== hash) end = endWithStrings(cursor, start, end)
    cursor.next = end + 1
    if (end > start && bytes[end - 1] === carriageReturn) end -= 1
    if (end <= start || bytes[start] === hash) continue
    cursor.start = start
    cursor.end = end
    return true
  }
  return false
}

function indexOf(bytes: Uint8Array, byte: number, from: number): number {
  const at = bytes.indexOf(byte, from)
  return at < 0 ? bytes.length : at
}

function endWithStrings(cursor: LineCursor, start: number, plainEnd: number): number {
  if (cursor.openQuote) return plainEnd
  if (cursor.quoteAt < start) cursor.quoteAt = indexOf(cursor.bytes, quote, start)
  if (cursor.quoteAt >= plainEnd) return plainEnd
  const end = quotedEnd(cursor.bytes, start)
  if (end >= 0) return end
  cursor.openQuote = true
  return plainEnd
}

/** InfluxDB's rule for where a line ends: a quote opens a string only as part of a value, after more equals signs than commas. -1 when the bytes end inside a string. */
function quotedEnd(bytes: Uint8Array, start: number): number {
  let at = endOfSeriesKey(bytes, start)
  let openValues = 0
  while (at < bytes.length && bytes[at] !== lineFeed) {
    const byte = bytes[at]
    openValues += balanceOf(byte)
    if (byte === quote && openValues > 0) at = closingQuote(bytes, at + 1)
    at += byte === backslash ? 2 : 1
  }
  return at === unclosed ? -1 : Math.min(at, bytes.length)
}

function endOfSeriesKey(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length && bytes[at] !== space && bytes[at] !== lineFeed)
    at += bytes[at] === backslash ? 2 : 1
  return at
}

function balanceOf(byte: number | undefined): number {
  if (byte === equals) return 1
  return byte === comma ? -1 : 0
}

const unclosed = Number.POSITIVE_INFINITY

function closingQuote(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
  return at < bytes.length ? at : unclosed
}
