import { setImmediate as turn } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { LineErrorCode } from '@warren/lineprotocol/line-error'
import { createLineParts, type LineParts, type LineSpan } from '@warren/lineprotocol/line-parts'
import { scanAfterKey, scanLine } from '@warren/lineprotocol/scan'
import type { DayFiles, Lease } from '../../duckdb/day-files.ts'
import { inTransaction } from '../../duckdb/engine.ts'
import type { Writers } from '../../duckdb/writers.ts'
import type { RefusedItem, WriteOutcome } from '../../write-outcome.ts'
import type { PointBatch } from '../metric-store.ts'
import { type DayWriter, loadDayWriter } from './day-writer.ts'
import type { SeriesEntry } from './dictionary.ts'
import { FieldTypes } from './field-types.ts'
import { forgetReads, type MetricFileState } from './file-state.ts'
import { DayRows, writeKnown, writeLine } from './line-writer.ts'
import { type PointTime, readPointTime } from './point-time.ts'
import { storeRows } from './store-rows.ts'

/** A batch of points spread over more days is stored in several steps, so that no batch attaches files without bound. */
const maxOpenDays = 8
/** Lines after which queries get a turn of the thread: each takes hundreds, and a whole batch before every one would keep a panel waiting for seconds. */
const linesATurn = 2048
/** Rows that are kept for the next batches, of a few MB each at most. */
const maxSpareRows = 2
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

interface ReadLine {
  readonly line: LineSpan
  readonly parts: LineParts
  readonly offsetNs: number
  /** When its key was recognised, not read: where its measurement ends is not known then. */
  readonly series: SeriesEntry | undefined
  /** Whether that series is the day's. */
  readonly isOfDay: boolean
}

/** Returns why InfluxDB would refuse the line, and keeps nothing of it then. */
function keepLine(
  { line, parts, offsetNs, series, isOfDay }: ReadLine,
  { day: { writer, rows }, types }: { readonly day: OpenDay; readonly types: FieldTypes },
): string | undefined {
  const scanned = { bytes: line.bytes, parts, offsetNs }
  const target = { writer, rows, types }
  if (series === undefined || !isOfDay || !writeKnown(scanned, series, target)) {
    // It is good, as was found; now with every part.
    if (series !== undefined) scanLine(line, parts)
    const conflict = writeLine(scanned, target)
    if (conflict !== undefined) return conflict
  }
  writer.stale.touch(offsetNs)
  return undefined
}

interface Reading {
  readonly connection: DuckDBConnection
  readonly open: Map<number, OpenDay>
  readonly types: FieldTypes
}

async function writerOf(
  { state, name }: Lease<MetricFileState>,
  connection: DuckDBConnection,
): Promise<DayWriter> {
  state.writer ??= await loadDayWriter({ connection, name })
  return state.writer
}

async function store(
  connection: DuckDBConnection,
  open: ReadonlyMap<number, OpenDay>,
): Promise<void> {
  for (const { lease, writer, rows } of open.values()) {
    const { catalog, state } = lease
    await inTransaction(connection, async () => {
      await writer.dictionary.save(connection, catalog)
      await storeRows({ connection, catalog }, rows)
      await writer.stale.save(connection, catalog)
    })
    if (writer.dictionary.takeAdditions()) forgetReads(state)
  }
}

/** Writes the batches of a tenant one at a time; the only writer of its files. */
export class BatchWriter {
  /** On each there are the tables of `createStaging`. */
  readonly #writers: Writers
  readonly #files: DayFiles<MetricFileState>
  readonly #types = new Map<string, FieldTypes>()
  readonly #spare: DayRows[] = []
  readonly #onWrite: (tenant: string, day: number) => void

  constructor(
    writers: Writers,
    files: DayFiles<MetricFileState>,
    /** Before a day is written to. */
    onWrite: (tenant: string, day: number) => void,
  ) {
    this.#writers = writers
    this.#files = files
    this.#onWrite = onWrite
  }

  write(batch: PointBatch): Promise<WriteOutcome> {
    return this.between(batch.tenant, (connection) => this.#write(batch, connection))
  }

  /** Runs `work` while no batch of the tenant is being written, on a connection of the writer. */
  between<Result>(
    tenant: string,
    work: (connection: DuckDBConnection) => Promise<Result>,
  ): Promise<Result> {
    return this.#writers.write(tenant, work)
  }

  async #write(batch: PointBatch, connection: DuckDBConnection): Promise<WriteOutcome> {
    const open = new Map<number, OpenDay>()
    try {
      const types = await this.#typesOf(batch.tenant, connection)
      const refused = await this.#readLines(batch, { connection, open, types })
      await store(connection, open)
      return { refused }
    } catch (cause) {
      // What memory knows of these files may be ahead of what they hold now.
      for (const { lease } of open.values()) lease.state.writer = undefined
      this.#types.delete(batch.tenant)
      throw cause
    } finally {
      this.#release(open)
    }
  }

  #release(open: Map<number, OpenDay>): void {
    for (const { lease, rows } of open.values()) {
      lease.release()
      rows.reset()
      if (this.#spare.length < maxSpareRows) this.#spare.push(rows)
    }
    open.clear()
  }

  async #readLines(
    { tenant, bytes, starts }: PointBatch,
    { connection, open, types }: Reading,
  ): Promise<RefusedItem[]> {
    const refused: RefusedItem[] = []
    const parts = createLineParts()
    const time: PointTime = { day: 0, offsetNs: 0 }
    let latest: OpenDay | undefined
    for (let index = 0; index + 1 < starts.length; index++) {
      if (index % linesATurn === linesATurn - 1) await turn()
      const line = { bytes, start: starts[index] ?? 0, end: (starts[index + 1] ?? 1) - 1 }
      const series = latest?.writer.keys.next(line, parts)
      const scan = series === undefined ? scanLine : scanAfterKey
      const fault = faultOf(scan(line, parts), parts)
      if (fault !== undefined) {
        refused.push({ index, ...fault })
        continue
      }
      readPointTime(bytes, { start: parts.timeStart, end: parts.timeEnd }, time)
      const day =
        open.get(time.day) ?? (await this.#openDay({ tenant, day: time.day }, { connection, open }))
      const read = { line, parts, offsetNs: time.offsetNs, series, isOfDay: day === latest }
      latest = day
      const conflict = keepLine(read, { day, types })
      if (conflict !== undefined)
        refused.push({ index, code: 'field_type_conflict', reason: conflict })
    }
    return refused
  }

  async #openDay(
    { tenant, day }: { readonly tenant: string; readonly day: number },
    { connection, open }: Pick<Reading, 'connection' | 'open'>,
  ): Promise<OpenDay> {
    if (open.size >= maxOpenDays) {
      await store(connection, open)
      this.#release(open)
    }
    this.#onWrite(tenant, day)
    const lease = await this.#files.leaseForWrite(tenant, day)
    try {
      const opened = {
        lease,
        writer: await writerOf(lease, connection),
        rows: this.#spare.pop() ?? new DayRows(),
      }
      open.set(day, opened)
      return opened
    } catch (cause) {
      lease.release()
      throw cause
    }
  }

  /** Filled from the tenant's newest files; a type that only an older one has is learnt when that is written to. */
  async #typesOf(tenant: string, connection: DuckDBConnection): Promise<FieldTypes> {
    const known = this.#types.get(tenant)
    if (known !== undefined) return known
    const types = new FieldTypes()
    const days = await this.#files.days(tenant)
    for (const day of days.slice(-typedDays).reverse()) {
      const lease = await this.#files.leaseForRead(tenant, day)
      if (lease === undefined) continue
      try {
        const { dictionary } = await writerOf(lease, connection)
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
