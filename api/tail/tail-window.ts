import type { Hit } from '@warren/searchdsl/answer'

/** How late a record may be stored after its own time and still be shown live. */
const lateMs = 30_000
/** Clocks that run ahead; records further in the future would stay on top for good. */
const aheadMs = 60_000
/** How far back a resumed tail looks. */
const resumeMs = 10 * 60_000
const maxSeen = 50_000

export interface TailRecord {
  readonly id: string
  readonly timeMs: number
  readonly hit: Hit
}

export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** `<epoch ms>-<_id>` */
export function parseEventId(text: string | undefined): TailStart | undefined {
  const [, ms, id] = /^(\d{1,16})-(.+)$/.exec(text ?? '') ?? []
  return ms === undefined || id === undefined ? undefined : { timeMs: Number(ms), id }
}

export interface TailStart {
  readonly timeMs: number
  readonly id: string
}

const timeOf = (hit: Hit): number => Date.parse(String(hit._source?.['@timestamp'])) || 0

/** Which records of a stretch of recent time were not sent yet. Hosts send in batches and their clocks differ, so records become
 *  visible out of order: a position in time would miss some, so the tail looks at the last half minute each time and knows what it sent. */
export class TailWindow {
  readonly #seen = new Map<string, number>()
  #resumeFrom: TailStart | undefined
  #started: boolean

  /** Resumes after an event, or starts with what comes from now on. */
  constructor(resumeFrom: TailStart | undefined) {
    this.#resumeFrom = resumeFrom
    this.#started = resumeFrom !== undefined
  }

  /** The stretch to ask for now. */
  span(nowMs: number): Span {
    const late = nowMs - lateMs
    const resume = Math.max(this.#resumeFrom?.timeMs ?? late, nowMs - resumeMs)
    return { fromMs: Math.min(late, resume), toMs: nowMs + aheadMs }
  }

  /** The new ones of the hits of a span, oldest first. */
  take(hits: readonly Hit[], { fromMs }: Span): readonly TailRecord[] {
    for (const [id, timeMs] of this.#seen) if (timeMs < fromMs) this.#seen.delete(id)
    const fresh = hits
      .map((hit) => ({ id: hit._id, timeMs: timeOf(hit), hit }))
      .filter((record) => !this.#seen.has(record.id) && !this.#wasSent(record))
      .reverse()
    for (const { id, timeMs } of fresh) this.#seen.set(id, timeMs)
    for (const id of this.#seen.keys()) {
      if (this.#seen.size <= maxSeen) break
      this.#seen.delete(id)
    }
    const first = !this.#started
    this.#started = true
    return first ? [] : fresh
  }

  /** Before the connection broke: at or before the event that it resumes after. */
  #wasSent({ id, timeMs }: TailRecord): boolean {
    const from = this.#resumeFrom
    return from !== undefined && (timeMs < from.timeMs || id === from.id)
  }
}
