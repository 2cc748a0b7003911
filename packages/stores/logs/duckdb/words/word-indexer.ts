import type { DuckDBConnection } from '@duckdb/node-api'
import { reasonOf } from '@warren/platform/errors'
import { toDayText } from '../../../duckdb/day.ts'
import type { DayFile, DayFiles } from '../../../duckdb/day-files.ts'
import type { WordRound } from '../../log-store.ts'
import type { LogFile } from '../log-file.ts'
import { indexSegment } from './index-segment.ts'
import { rowsOfSegment } from './tables.ts'

interface IndexerOptions {
  /** This job's own. */
  readonly connection: DuckDBConnection
  readonly files: DayFiles<LogFile>
  /** Writes need the time. */
  readonly isBusy: () => boolean
  readonly rowsOfSegment?: number | undefined
}

interface TenantDay {
  readonly tenant: string
  readonly day: number
}

const dayMs = 86_400_000
/** Past its end: most that comes late has come, and what is left is indexed though it fills no segment. */
const closedAfterMs = 6 * 3_600_000
/** Of a segment: less is read whole in no time. */
const minShare = 1 / 8
/** A round begins no further segment after that. */
const roundMs = 2000

const keyOf = ({ tenant, day }: TenantDay): string => `${tenant} ${day}`

/** Notes which records have which words, segment by segment, behind the writes. Searches read the rest whole. */
export class WordIndexer {
  readonly #options: IndexerOptions
  readonly #rowsOfSegment: number
  /** Days that need nothing until they are written to, so that a round does not open every file; until when, ms since the epoch, though nothing is written: what is left of a day is due once it is over. */
  readonly #settledUntil = new Map<string, number>()

  #last: Promise<unknown> = Promise.resolve()
  #stopping = new AbortController()

  constructor(options: IndexerOptions) {
    this.#options = options
    this.#rowsOfSegment = options.rowsOfSegment ?? rowsOfSegment
  }

  /** When a day has been written to, or has gone. */
  touch(tenant: string, day: number): void {
    this.#settledUntil.delete(keyOf({ tenant, day }))
  }

  /** Ends the round that runs, soon: days are to be given up, and none shall be kept for being indexed. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#last
  }

  /** Indexes what is due, for some seconds at most, one round after the other. Ends soon once `signal` aborts, and begins nothing while writes need the time. */
  round(nowMs: number, given: AbortSignal): Promise<WordRound> {
    this.#stopping = new AbortController()
    const signal = AbortSignal.any([given, this.#stopping.signal])
    const round = this.#last.then(() => this.#round(nowMs, signal))
    this.#last = round.catch(() => undefined)
    return round
  }

  async #round(nowMs: number, signal: AbortSignal): Promise<WordRound> {
    const startMs = performance.now()
    const isOver = () =>
      signal.aborted || performance.now() - startMs > roundMs || this.#options.isBusy()
    const failed: string[] = []
    const days = await this.#candidates(nowMs)
    let segments = 0
    let waiting = days.length
    for (const each of days) {
      if (isOver()) break
      try {
        const made = await this.#indexDay(each, { nowMs, signal, isOver })
        segments += made.segments
        if (made.isDone) waiting--
      } catch (cause) {
        failed.push(`indexing words of ${each.tenant}, ${toDayText(each.day)}: ${reasonOf(cause)}`)
      }
    }
    return { segments, waiting, failed }
  }

  /** The newest first: they are searched most. */
  async #candidates(nowMs: number): Promise<readonly TenantDay[]> {
    const { files } = this.#options
    const found: TenantDay[] = []
    for (const tenant of await files.tenants())
      for (const day of await files.days(tenant))
        if ((this.#settledUntil.get(keyOf({ tenant, day })) ?? 0) <= nowMs)
          found.push({ tenant, day })
    return found.sort((a, b) => b.day - a.day)
  }

  async #indexDay(each: TenantDay, { nowMs, signal, isOver }: Round): Promise<DayRound> {
    const { connection, files } = this.#options
    const lease = await files.leaseForRead(each.tenant, each.day)
    // Retention may have removed it meanwhile.
    if (lease === undefined) return { segments: 0, isDone: true }
    const key = keyOf(each)
    const closedAtMs = (each.day + 1) * dayMs + closedAfterMs
    const isClosed = closedAtMs <= nowMs
    try {
      // A write that ends from here on takes it out again.
      this.#settledUntil.set(key, isClosed ? Number.POSITIVE_INFINITY : closedAtMs)
      for (let segments = 0; ; ) {
        const next = await this.#nextRows(lease, isClosed)
        if (next === undefined) return { segments, isDone: true }
        if (isOver()) {
          this.#settledUntil.delete(key)
          return { segments, isDone: false }
        }
        if (await indexSegment(connection, { name: lease.name, ...next, signal })) segments++
      }
    } catch (cause) {
      this.#settledUntil.delete(key)
      throw cause
    } finally {
      lease.release()
    }
  }

  /** Undefined: those that are not indexed are too few. */
  async #nextRows({ name }: DayFile<LogFile>, isClosed: boolean) {
    const rows = await this.#options.connection.runAndReadAll(
      `SELECT (SELECT coalesce(max(past), 0) FROM ${name}.word_segments), (SELECT count(*) FROM ${name}.records)`,
    )
    const [first = 0, count = 0] = (rows.getRows()[0] ?? []).map(Number)
    const wanted = this.#rowsOfSegment * (isClosed ? minShare : 1)
    if (count - first < wanted) return undefined
    return { first, past: Math.min(count, first + this.#rowsOfSegment) }
  }
}

interface Round {
  readonly nowMs: number
  readonly signal: AbortSignal
  readonly isOver: () => boolean
}

interface DayRound {
  readonly segments: number
  /** Nothing of the day waits. */
  readonly isDone: boolean
}
