import type { DuckDBConnection } from '@duckdb/node-api'
import { reasonOf } from '@warren/platform/errors'
import { dayOfNs } from '../../duckdb/day.ts'
import { type DayFile, DayFiles } from '../../duckdb/day-files.ts'
import { type Engine, onConnection } from '../../duckdb/engine.ts'
import { dropDay, oldestDay, readDay, retainDays } from '../../duckdb/retain-days.ts'
import { toStoreError } from '../../duckdb/store-error.ts'
import { openWriters, type Writers } from '../../duckdb/writers.ts'
import type { DayWish, Retention, StoredDay } from '../../retention.ts'
import type { RefusedItem } from '../../write-outcome.ts'
import type { WordRound } from '../log-store.ts'
import type { NewRecord } from './append-records.ts'
import { type CanonicalLines, readCanonicalLines } from './canonical-lines.ts'
import {
  type LogFile,
  openForWrite,
  openLogFile,
  type SeenKind,
  type WritableLogFile,
} from './log-file.ts'
import { toNewRecords, type WrittenBatch } from './to-new-records.ts'
import { BusyTime } from './words/busy-time.ts'
import { WordIndexer } from './words/word-indexer.ts'
import { writeDay } from './write-day.ts'
import { writeLinesOfDay } from './write-lines.ts'

/** Files that stay attached while nobody uses them, beside those just written to; each of those keeps its id filter in memory. */
const maxIdle = 4

interface Connections {
  readonly writers: Writers
  readonly attaching: DuckDBConnection
  readonly indexing: DuckDBConnection
}

interface LogFilesOptions {
  /** Of the index of words, when it is not to be the usual number. */
  readonly rowsOfSegment?: number | undefined
}

/** The embedded log store, inside its worker: `<dir>/warren_<tenant>/<YYYY-MM-DD>.duckdb` by the UTC day of `@timestamp`. */
export class LogFiles {
  readonly engine: Engine
  readonly days: DayFiles<LogFile>
  /** A transaction writes one file, and the look-up of known ids must see every earlier batch of its tenant. */
  readonly #writers: Writers
  readonly #attaching: DuckDBConnection
  readonly #indexing: DuckDBConnection
  readonly #indexer: WordIndexer
  readonly #writing = new BusyTime()
  /** By tenant and day; shared with the file's own state while it is attached. */
  readonly #seen = new Map<string, LogFile['seen']>()

  private constructor(
    engine: Engine,
    dir: string,
    { writers, attaching, indexing, rowsOfSegment }: Connections & LogFilesOptions,
  ) {
    this.engine = engine
    this.#writers = writers
    this.#attaching = attaching
    this.#indexing = indexing
    // Statements of several files may be under way at once.
    const prepare = ({ name }: { readonly name: string }) =>
      onConnection(engine, (connection) => openLogFile(connection, name))
    this.days = new DayFiles({ dir, connection: attaching, maxIdle, prepare })
    this.#indexer = new WordIndexer({
      ...{ connection: indexing, files: this.days, rowsOfSegment },
      isBusy: () => this.#writing.isMost(),
    })
  }

  static async open(engine: Engine, dir: string, options: LogFilesOptions = {}): Promise<LogFiles> {
    const [attaching, indexing] = [await engine.connect(), await engine.connect()]
    // Each checkpoint rewrites the last row group; at the engine's 16 MB that is a quarter of the time.
    await attaching.run(`SET checkpoint_threshold = '64MB'`)
    const writers = await openWriters(engine)
    return new LogFiles(engine, dir, { writers, attaching, indexing, ...options })
  }

  /** Resolves when the records are committed. A batch is read while an earlier one commits. */
  write(batch: WrittenBatch): Promise<readonly RefusedItem[]> {
    return this.#writing.during(() => this.#write(batch))
  }

  async #write(batch: WrittenBatch): Promise<readonly RefusedItem[]> {
    const lines = readCanonicalLines(batch)
    if (lines !== undefined && (await this.#writeLines(batch.tenant, lines))) return []
    const { records, refused } = toNewRecords(batch)
    if (records.length > 0) await this.#writeRecords(batch.tenant, records)
    return refused
  }

  /** Of the day files: see `LogStore.indexWords`. */
  indexWords(nowMs: number, signal: AbortSignal): Promise<WordRound> {
    return this.#indexer.round(nowMs, signal)
  }

  /** Names of this kind in the records of one day; empty when there is no such file (any more). */
  async namesOfDay(tenant: string, day: number, kind: SeenKind): Promise<ReadonlySet<string>> {
    const key = `${tenant} ${day}`
    const known = this.#seen.get(key)
    if (known !== undefined) return known[kind]
    const lease = await this.days.leaseForRead(tenant, day)
    if (lease === undefined) return new Set()
    this.#seen.set(key, lease.state.seen)
    lease.release()
    return lease.state.seen[kind]
  }

  async retain(retention: Retention): Promise<readonly number[]> {
    const gone = await retainDays(this.days, retention)
    for (const day of gone) this.#forget(retention.tenant, day)
    return gone
  }

  /** The oldest day that may be given up; the index of words lets go of what it is at, so that no younger day goes in its place. */
  async oldest(wish: DayWish): Promise<StoredDay | undefined> {
    await this.#indexer.stop()
    return oldestDay(this.days, wish)
  }

  async drop(stored: StoredDay): Promise<void> {
    await dropDay(this.days, stored)
    this.#forget(stored.tenant, readDay(stored.day))
  }

  #forget(tenant: string, day: number): void {
    this.#seen.delete(`${tenant} ${day}`)
    this.#indexer.touch(tenant, day)
  }

  async close(): Promise<void> {
    await this.days.close()
    this.#writers.close()
    for (const connection of [this.#attaching, this.#indexing]) connection.closeSync()
    this.engine.close()
  }

  /** False when a line is no JSON. What days before it have stored stays, and is found there again. */
  async #writeLines(tenant: string, lines: CanonicalLines): Promise<boolean> {
    try {
      await this.#writers.write(tenant, async (connection) => {
        for (const [day, ofDay] of lines.byDay)
          await this.#withDay(connection, { tenant, day }, (file) =>
            writeLinesOfDay(connection, file, { lines, day: ofDay }),
          )
      })
      return true
    } catch (cause) {
      if (isBadJson(cause)) return false
      throw toStoreError(cause)
    }
  }

  async #writeRecords(tenant: string, records: readonly NewRecord[]): Promise<void> {
    const byDay = Map.groupBy(records, ({ timeNs }) => dayOfNs(timeNs))
    try {
      await this.#writers.write(tenant, async (connection) => {
        for (const [day, ofDay] of byDay)
          await this.#withDay(connection, { tenant, day }, (file) =>
            writeDay(connection, file, ofDay),
          )
      })
    } catch (cause) {
      throw toStoreError(cause)
    }
  }

  async #withDay(
    connection: DuckDBConnection,
    { tenant, day }: { readonly tenant: string; readonly day: number },
    write: (file: DayFile<WritableLogFile>) => Promise<void>,
  ): Promise<void> {
    const lease = await this.days.leaseForWrite(tenant, day)
    try {
      await write({ ...lease, state: await openForWrite(connection, lease) })
      this.#seen.set(`${tenant} ${day}`, lease.state.seen)
    } finally {
      this.#indexer.touch(tenant, day)
      lease.release()
    }
  }
}

const isBadJson = (cause: unknown): boolean => /malformed json/i.test(reasonOf(cause))
