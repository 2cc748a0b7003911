import type { LateSpan } from '@warren/contracts/late-data'
import { type LineBatch, type Lines, piecesOf } from '@warren/stores/write-outcome'
import { type Hundreds, hundredsOf, isBefore } from './line-time.ts'
import { SeenNames } from './seen-names.ts'

/** A batch that names more than that is announced without. */
const maxNames = 100
const hundredMs = 100_000

interface Span {
  oldest: Hundreds
  newest: Hundreds
}

/** What a batch holds: read before it is written, since its bytes may be something else's once it is. */
export interface BatchTimes {
  /** Times of points that are late already, to the hundred seconds. */
  readonly late: readonly LateSpan[]
  /** Of all points; undefined for a batch without any. */
  readonly whole: LateSpan | undefined
}

const toMs = ({ oldest, newest }: Span) => ({
  oldestMs: oldest * hundredMs,
  newestMs: newest * hundredMs + hundredMs - 1,
})

function widen(span: Span, hundreds: Hundreds): void {
  if (hundreds < span.oldest) span.oldest = hundreds
  if (hundreds > span.newest) span.newest = hundreds
}

const noSpan = (): Span => ({ oldest: Number.POSITIVE_INFINITY, newest: Number.NEGATIVE_INFINITY })

const seen = new SeenNames()

class Reading {
  readonly whole = noSpan()
  readonly all = noSpan()
  readonly named = new Map<string, Span>()

  add(lines: Lines, beforeSeconds: number): void {
    const { seconds } = lines
    if (seconds === undefined) {
      this.#addEach(lines, beforeSeconds)
      return
    }
    const oldest = Math.floor(seconds.oldest / 100)
    const newest = Math.floor(seconds.newest / 100)
    if (seconds.newest < beforeSeconds && oldest === newest) this.#addLate(lines, oldest)
    else if (seconds.oldest < beforeSeconds) this.#addEach(lines, beforeSeconds)
    else {
      widen(this.whole, oldest)
      widen(this.whole, newest)
    }
  }

  /** Lines that are all late, within one hundred seconds, as most that waited in a queue are: their times need not be read. */
  #addLate({ bytes, starts }: Lines, hundreds: Hundreds): void {
    widen(this.whole, hundreds)
    widen(this.all, hundreds)
    for (let line = 1; line < starts.length && this.named.size <= maxNames; line += 1)
      this.#name(bytes, starts[line - 1] ?? 0, hundreds)
  }

  #addEach({ bytes, starts }: Lines, beforeSeconds: number): void {
    const limit = Math.floor(beforeSeconds / 100)
    for (let line = 1; line < starts.length; line += 1) {
      const start = starts[line - 1] ?? 0
      const end = (starts[line] ?? 0) - 1
      const hundreds = hundredsOf(bytes, start, end)
      // What is no time the store will refuse: it compares as neither.
      widen(this.whole, hundreds)
      if (!(hundreds <= limit)) continue
      if (hundreds === limit && !isBefore(bytes, end, beforeSeconds)) continue
      widen(this.all, hundreds)
      if (this.named.size <= maxNames) this.#name(bytes, start, hundreds)
    }
  }

  #name(bytes: Uint8Array, start: number, hundreds: Hundreds): void {
    const name = seen.nameIfNew(bytes, start, hundreds)
    if (name === undefined) return
    const span = this.named.get(name)
    if (span === undefined) this.named.set(name, { oldest: hundreds, newest: hundreds })
    else widen(span, hundreds)
  }

  late(): readonly LateSpan[] {
    if (this.named.size > maxNames) return [toMs(this.all)]
    return [...this.named].map(([measurement, span]) => ({ measurement, ...toMs(span) }))
  }
}

/** The times of the batch's points before a moment, by measurement where these are few, and of all its points. */
export function timesOf(batch: LineBatch, beforeMs: number): BatchTimes {
  const reading = new Reading()
  seen.clear()
  for (const piece of piecesOf(batch)) reading.add(piece, Math.floor(beforeMs / 1000))
  const isEmpty = reading.whole.oldest > reading.whole.newest
  return { late: reading.late(), whole: isEmpty ? undefined : toMs(reading.whole) }
}
