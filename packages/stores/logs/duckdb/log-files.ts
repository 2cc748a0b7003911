import type { DuckDBConnection } from '@duckdb/node-api'
import { dayOfNs } from '../../duckdb/day.ts'
import { DayFiles } from '../../duckdb/day-files.ts'
import type { Engine } from '../../duckdb/engine.ts'
import { toStoreError } from '../../duckdb/store-error.ts'
import type { RefusedItem } from '../../write-outcome.ts'
import type { NewRecord } from './append-records.ts'
import { type LogFile, openLogFile, type SeenKind } from './log-file.ts'
import { toNewRecords, type WrittenBatch } from './to-new-records.ts'
import { writeDay } from './write-day.ts'

/** Files that stay attached while nobody uses them; each keeps its id filter in memory. */
const maxIdle = 4
/** Records of waiting batches that are committed together. */
const recordsTogether = 50_000

interface Waiting {
  readonly tenant: string
  readonly records: readonly NewRecord[]
  readonly stored: () => void
  readonly failed: (cause: unknown) => void
}

/** The embedded log store, inside its worker: `<dir>/warren_<tenant>/<YYYY-MM-DD>.duckdb` by the UTC day of `@timestamp`. */
export class LogFiles {
  readonly engine: Engine
  readonly days: DayFiles<LogFile>
  readonly #writing: DuckDBConnection
  readonly #attaching: DuckDBConnection
  readonly #waiting: Waiting[] = []
  /** By tenant and day; shared with the file's own state while it is attached. */
  readonly #seen = new Map<string, LogFile['seen']>()
  #writer: Promise<void> | undefined

  private constructor(
    engine: Engine,
    dir: string,
    { writing, attaching }: Record<'writing' | 'attaching', DuckDBConnection>,
  ) {
    this.engine = engine
    this.#writing = writing
    this.#attaching = attaching
    const prepare = ({ name }: { readonly name: string }) => prepareFile(engine, name)
    this.days = new DayFiles({ dir, connection: attaching, maxIdle, prepare })
  }

  static async open(engine: Engine, dir: string): Promise<LogFiles> {
    const [writing, attaching] = [await engine.connect(), await engine.connect()]
    // Each checkpoint rewrites the last row group; at the engine's 16 MB that is a quarter of the time.
    await writing.run(`SET checkpoint_threshold = '64MB'`)
    return new LogFiles(engine, dir, { writing, attaching })
  }

  /** Resolves when the records are committed. Batches are parsed while an earlier one commits, and committed together when several wait. */
  async write(batch: WrittenBatch): Promise<readonly RefusedItem[]> {
    const { records, refused } = toNewRecords(batch)
    if (records.length > 0)
      await new Promise<void>((stored, failed) => {
        this.#waiting.push({ tenant: batch.tenant, records, stored, failed })
        this.#writer ??= this.#writeWaiting().finally(() => {
          this.#writer = undefined
        })
      })
    return refused
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

  async close(): Promise<void> {
    await this.#writer
    await this.days.close()
    this.#writing.closeSync()
    this.#attaching.closeSync()
    this.engine.close()
  }

  /** One writer: a transaction writes one file, and the look-up of known ids must see every earlier batch. */
  async #writeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const together = this.#takeWaiting()
      const failures = new Map<string, unknown>()
      for (const [tenant, batches] of Map.groupBy(together, (batch) => batch.tenant))
        await this.#writeTenant(tenant, batches).catch((cause) => failures.set(tenant, cause))
      for (const { tenant, stored, failed } of together)
        if (failures.has(tenant)) failed(toStoreError(failures.get(tenant)))
        else stored()
    }
  }

  #takeWaiting(): readonly Waiting[] {
    let count = 0
    const end = this.#waiting.findIndex(({ records }, i) => {
      count += records.length
      return i > 0 && count > recordsTogether
    })
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end)
  }

  async #writeTenant(tenant: string, batches: readonly Waiting[]): Promise<void> {
    const records = batches.flatMap((batch) => batch.records)
    for (const [day, ofDay] of Map.groupBy(records, ({ timeNs }) => dayOfNs(timeNs))) {
      const lease = await this.days.leaseForWrite(tenant, day)
      try {
        await writeDay(this.#writing, lease, ofDay)
        this.#seen.set(`${tenant} ${day}`, lease.state.seen)
      } finally {
        lease.release()
      }
    }
  }
}

/** On a connection of its own: it reads a stream of ids, which another statement on the connection would cut off. */
async function prepareFile(engine: Engine, name: string): Promise<LogFile> {
  const connection = await engine.connect()
  try {
    return await openLogFile(connection, name)
  } finally {
    connection.closeSync()
  }
}
