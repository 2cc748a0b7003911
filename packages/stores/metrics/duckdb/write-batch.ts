import type { DuckDBConnection } from '@duckdb/node-api'
import type { LineErrorCode } from '@warren/lineprotocol/line-error'
import { createLineParts, type LineParts } from '@warren/lineprotocol/line-parts'
import { scanLine } from '@warren/lineprotocol/scan'
import type { DayFiles, Lease } from '../../duckdb/day-files.ts'
import { inTransaction } from '../../duckdb/engine.ts'
import type { RefusedItem, WriteOutcome } from '../../write-outcome.ts'
import type { PointBatch } from '../metric-store.ts'
import { type DayWriter, loadDayWriter } from './day-writer.ts'
import { FieldTypes } from './field-types.ts'
import { forgetReads, type MetricFileState } from './file-state.ts'
import { DayRows, writeLine } from './line-writer.ts'
import { type PointTime, readPointTime } from './point-time.ts'
import { storeRows } from './store-rows.ts'

/** A batch of points spread over more days is stored in several steps, so that no batch attaches files without bound. */
const maxOpenDays = 8
/** Files whose fields decide, after a start, what type a field has. */
const typedDays = 2

interface OpenDay {
  readonly lease: Lease<MetricFileState>
  readonly writer: DayWriter
  readonly rows: DayRows
}

function faultOf(
  error: LineErrorCode | undefined,
  { timeStart }: LineParts,
): Omit<RefusedItem, 'index'> | undefined {
  if (error !== undefined) return { code: 'malformed', reason: error }
  return timeStart < 0 ? { code: 'no_timestamp', reason: 'the line has no timestamp' } : undefined
}

/** Writes batches one at a time; the only writer of its files. */
export class BatchWriter {
  readonly #connection: DuckDBConnection
  readonly #files: DayFiles<MetricFileState>
  readonly #types = new Map<string, FieldTypes>()
  readonly #onWrite: (tenant: string, day: number) => void
  #last: Promise<unknown> = Promise.resolve()

  constructor(
    connection: DuckDBConnection,
    files: DayFiles<MetricFileState>,
    /** Before a day is written to. */
    onWrite: (tenant: string, day: number) => void,
  ) {
    this.#connection = connection
    this.#files = files
    this.#onWrite = onWrite
  }

  write(batch: PointBatch): Promise<WriteOutcome> {
    return this.between(() => this.#write(batch))
  }

  /** Runs `work` while no batch is being written, on the connection of the writer. */
  between<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
    const done = this.#last.then(() => work(this.#connection))
    this.#last = done.catch(() => undefined)
    return done
  }

  async #write(batch: PointBatch): Promise<WriteOutcome> {
    const open = new Map<number, OpenDay>()
    try {
      const types = await this.#typesOf(batch.tenant)
      const refused = await this.#readLines(batch, { open, types })
      await this.#store(open)
      return { refused }
    } catch (cause) {
      // What memory knows of these files may be ahead of what they hold now.
      for (const { lease } of open.values()) lease.state.writer = undefined
      this.#types.delete(batch.tenant)
      throw cause
    } finally {
      for (const { lease } of open.values()) lease.release()
    }
  }

  async #readLines(
    { tenant, bytes, starts }: PointBatch,
    { open, types }: { open: Map<number, OpenDay>; types: FieldTypes },
  ): Promise<RefusedItem[]> {
    const refused: RefusedItem[] = []
    const parts = createLineParts()
    const time: PointTime = { day: 0, offsetNs: 0 }
    for (let index = 0; index + 1 < starts.length; index++) {
      const line = { bytes, start: starts[index] ?? 0, end: (starts[index + 1] ?? 1) - 1 }
      const fault = faultOf(scanLine(line, parts), parts)
      if (fault !== undefined) {
        refused.push({ index, ...fault })
        continue
      }
      readPointTime(bytes, { start: parts.timeStart, end: parts.timeEnd }, time)
      const day = open.get(time.day) ?? (await this.#openDay(tenant, time.day, open))
      const { writer, rows } = day
      const conflict = writeLine({ bytes, parts, offsetNs: time.offsetNs }, { writer, rows, types })
      if (conflict === undefined) writer.stale.touch(time.offsetNs)
      else refused.push({ index, code: 'field_type_conflict', reason: conflict })
    }
    return refused
  }

  async #openDay(tenant: string, day: number, open: Map<number, OpenDay>): Promise<OpenDay> {
    if (open.size >= maxOpenDays) {
      await this.#store(open)
      for (const { lease } of open.values()) lease.release()
      open.clear()
    }
    this.#onWrite(tenant, day)
    const lease = await this.#files.leaseForWrite(tenant, day)
    try {
      const opened = { lease, writer: await this.#writerOf(lease), rows: new DayRows() }
      open.set(day, opened)
      return opened
    } catch (cause) {
      lease.release()
      throw cause
    }
  }

  async #writerOf({ state, name }: Lease<MetricFileState>): Promise<DayWriter> {
    state.writer ??= await loadDayWriter({ connection: this.#connection, name })
    return state.writer
  }

  async #store(open: ReadonlyMap<number, OpenDay>): Promise<void> {
    for (const { lease, writer, rows } of open.values()) {
      await inTransaction(this.#connection, async () => {
        const target = { connection: this.#connection, catalog: lease.catalog }
        await writer.dictionary.save(this.#connection, lease.catalog)
        await storeRows(target, rows)
        await writer.stale.save(this.#connection, lease.catalog)
      })
      if (writer.dictionary.takeAdditions()) forgetReads(lease.state)
    }
  }

  /** Filled from the tenant's newest files; a type that only an older one has is learnt when that is written to. */
  async #typesOf(tenant: string): Promise<FieldTypes> {
    const known = this.#types.get(tenant)
    if (known !== undefined) return known
    const types = new FieldTypes()
    const days = await this.#files.days(tenant)
    for (const day of days.slice(-typedDays).reverse()) {
      const lease = await this.#files.leaseForRead(tenant, day)
      if (lease === undefined) continue
      try {
        const { dictionary } = await this.#writerOf(lease)
        for (const [name, { fields }] of dictionary.measurements)
          for (const field of fields.values()) types.add(name, field.name, field.kind)
      } finally {
        lease.release()
      }
    }
    this.#types.set(tenant, types)
    return types
  }
}
