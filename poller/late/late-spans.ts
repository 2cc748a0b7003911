import type { LateSpan } from '@warren/contracts/late-data'
import { type LineBatch, type Lines, piecesOf } from '@warren/stores/write-outcome'

const space = 0x20
const comma = 0x2c
const backslash = 0x5c
const zero = 0x30
/** Digits of nanoseconds from September 2001 to 2286; the first ten are seconds. */
const usualDigits = 19
const digitsOfSeconds = 10
/** More late lines than that are announced without their measurements. */
const maxNamed = 2000

interface Found {
  readonly spans: Map<string, { oldestMs: number; newestMs: number }>
  late: number
}

/** Seconds since the epoch of a line's time; NaN for what the store will refuse. */
function secondsOf(bytes: Uint8Array, start: number, end: number): number {
  const at = end - usualDigits
  if (at > start && bytes[at - 1] === space) {
    let seconds = 0
    for (let digit = 0; digit < digitsOfSeconds; digit += 1)
      seconds = seconds * 10 + (bytes[at + digit] ?? 0) - zero
    return seconds
  }
  const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
  const time = line.toString('latin1', line.lastIndexOf(space) + 1)
  return /^-?\d{1,19}$/.test(time) ? Math.floor(Number(time) / 1e9) : Number.NaN
}

function measurementOf(bytes: Uint8Array, start: number, end: number): string {
  let at = start
  while (at < end && bytes[at] !== comma && bytes[at] !== space)
    at += bytes[at] === backslash ? 2 : 1
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start).toString()
  return text.replaceAll(/\\([, ])/g, '$1')
}

function addLate({ spans }: Found, name: string, seconds: number): void {
  const oldestMs = seconds * 1000
  const newestMs = oldestMs + 999
  const span = spans.get(name)
  if (span === undefined) spans.set(name, { oldestMs, newestMs })
  else {
    span.oldestMs = Math.min(span.oldestMs, oldestMs)
    span.newestMs = Math.max(span.newestMs, newestMs)
  }
}

function addLines(found: Found, { bytes, starts }: Lines, beforeSeconds: number): void {
  for (let line = 1; line < starts.length; line += 1) {
    const start = starts[line - 1] ?? 0
    const end = (starts[line] ?? 0) - 1
    const seconds = secondsOf(bytes, start, end)
    if (!(seconds < beforeSeconds)) continue
    found.late += 1
    addLate(found, found.late > maxNamed ? '' : measurementOf(bytes, start, end), seconds)
  }
}

/** The times of the batch's points before a moment, by measurement; of all that are many, without. */
export function lateSpans(batch: LineBatch, beforeMs: number): readonly LateSpan[] {
  const found: Found = { spans: new Map(), late: 0 }
  for (const piece of piecesOf(batch)) addLines(found, piece, Math.floor(beforeMs / 1000))
  if (found.late <= maxNamed && found.spans.size <= 100)
    return [...found.spans].map(([measurement, span]) => ({ measurement, ...span }))
  const spans = [...found.spans.values()]
  return [
    {
      oldestMs: Math.min(...spans.map(({ oldestMs }) => oldestMs)),
      newestMs: Math.max(...spans.map(({ newestMs }) => newestMs)),
    },
  ]
}
