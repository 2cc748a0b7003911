import { isWithin, type TimeWindow } from '../time-window.ts'
import { copyDigits, failed, type PlainCopy } from './plain-copy.ts'
import { copySame } from './same-text.ts'

const zero = 0x30
const nine = 0x39
/** Of a 64-bit integer; its last digit may still be too large. */
const maxDigits = 19
const maxNs = 9.2e18

/** The timestamps of one body that lie within its window. Lines of one message mostly share theirs, so the last one found good is compared before another is read. */
export interface PlainTimes {
  source: Uint8Array
  window: TimeWindow
  goodStart: number
  goodEnd: number
}

const nothing = new Uint8Array(0)

export const createPlainTimes = (): PlainTimes => ({
  source: nothing,
  window: { fromNs: 0, toNs: 0, nowMs: 0 },
  goodStart: 0,
  goodEnd: 0,
})

export function startTimes(times: PlainTimes, source: Uint8Array, window: TimeWindow): void {
  times.source = source
  times.window = window
  times.goodStart = 0
  times.goodEnd = 0
}

/** Copies the timestamp that starts here, and returns where it ends; `failed` unless it is digits alone, within the window. */
export function copyTime(times: PlainTimes, copy: PlainCopy, start: number): number {
  const goodEnd = copyGood(times, copy, start)
  if (goodEnd >= 0) return goodEnd
  const end = copyDigits(copy, start)
  if (end === start || end - start > maxDigits) return failed
  const { source } = times
  let value = 0
  for (let at = start; at < end; at += 1) value = value * 10 + (source[at] ?? zero) - zero
  if (value > maxNs || !isWithin(times.window, value)) return failed
  times.goodStart = start
  times.goodEnd = end
  return end
}

/** The last good one once more. */
function copyGood({ goodStart, goodEnd }: PlainTimes, copy: PlainCopy, start: number): number {
  const length = goodEnd - goodStart
  const end = start + length
  if (length === 0 || end > copy.end || isDigit(copy.source[end])) return failed
  copy.from = start
  copy.length = length
  return copySame(copy.sourceView, goodStart, copy) ? end : failed
}

const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= zero && byte <= nine
