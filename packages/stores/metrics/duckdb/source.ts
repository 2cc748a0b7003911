import type { DuckDBConnection } from '@duckdb/node-api'
import type {
  AggregatedGroup,
  AggregateRequest,
  ColumnChunk,
  FieldColumn,
  FieldType,
  ScanRequest,
  SeriesColumns,
  SeriesKey,
  SeriesSource,
} from '@warren/influxql/evaluate/source'
import { EvaluationError } from '@warren/influxql/evaluation-error'
import { dayNs, dayOfNs } from '../../duckdb/day.ts'
import type { DayFiles } from '../../duckdb/day-files.ts'
import { inTransaction } from '../../duckdb/engine.ts'
import { columnsThatMayMatch } from './columns-by-tag.ts'
import {
  type DaySource,
  readMeasurements,
  readSeriesKeys,
  readValues,
  type StoredColumn,
  type TimeRange,
} from './day-reader.ts'
import type { MetricFileState } from './file-state.ts'
import { type CachedDay, knownColumns, knownFields } from './known-columns.ts'
import { castChunk, isReadAs, strongerType } from './mixed-types.ts'
import { aggregateColumns, type DayRequest } from './push-down/aggregate-columns.ts'
import { SeriesAggregate } from './push-down/aggregate-series.ts'
import { AggregatedGroups, areWithinDays } from './push-down/aggregated-groups.ts'
import { ReadMemory } from './read-memory.ts'
import { kindNames } from './schema.ts'
import type { KnownSeries, SeriesCache } from './series-cache.ts'

interface SourceOptions {
  readonly tenant: string
  readonly files: DayFiles<MetricFileState>
  /** Days that one file holds, from the one it is named after. */
  readonly spanDays: number
  /** This query's own. */
  readonly connection: DuckDBConnection
  readonly cache: SeriesCache
  /** Of all scans of one statement. */
  readonly maxPoints: number
  readonly signal: AbortSignal
}

interface Range {
  readonly minNs: bigint
  readonly maxNs: bigint
}

/** What was found of one series so far, oldest day first. */
interface Gathered {
  readonly series: KnownSeries
  readonly columns: Map<string, { type: FieldType; chunks: ColumnChunk[] }>
}

const bytewise = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
const everything: Range = { minNs: -(2n ** 63n), maxNs: 2n ** 63n - 1n }

/** The series of one tenant, read from its day files one after the other. One statement's: it counts what it reads. */
export class DayFileSource implements SeriesSource {
  readonly #options: SourceOptions
  #points = 0
  #days: Promise<readonly number[]> | undefined
  readonly #memory = new ReadMemory()
  /** By the columns of a day: those that matched when they were last asked for, which one that is aggregated or read is twice. */
  readonly #matched = new WeakMap<
    readonly StoredColumn[],
    { readonly matches: ScanRequest['matches']; readonly columns: readonly StoredColumn[] }
  >()

  constructor(options: SourceOptions) {
    this.#options = options
  }

  async measurements(): Promise<readonly string[]> {
    const names = new Set<string>()
    await this.#eachLease(everything, async (day) => {
      for (const name of await readMeasurements(day)) names.add(name)
    })
    return [...names].sort(bytewise)
  }

  /** A field that has several types in these days has the first of float, integer, string, boolean. */
  async fields(
    measurement: string,
    range: Range = everything,
  ): Promise<ReadonlyMap<string, FieldType>> {
    const types = new Map<string, FieldType>()
    await this.#eachLease(range, async (day) => {
      for (const [name, kind] of await knownFields(day, measurement))
        types.set(name, strongerType(kindNames[kind], types.get(name)))
    })
    return new Map([...types].sort(([a], [b]) => bytewise(a, b)))
  }

  async days(): Promise<readonly bigint[]> {
    const { files, spanDays, tenant } = this.#options
    const first = (await files.days(tenant)).map((day) => BigInt(day))
    const each = Array.from({ length: spanDays }, (_, at) => BigInt(at))
    return first.flatMap((day) => each.map((at) => (day + at) * dayNs))
  }

  async series(measurement: string, minNs: bigint, maxNs: bigint): Promise<readonly SeriesKey[]> {
    const found = new Map<string, KnownSeries>()
    await this.#eachLease({ minNs, maxNs }, async (day, range) => {
      for (const key of await readSeriesKeys(day, measurement, range))
        found.set(key, this.#options.cache.get(key))
    })
    return inOrder([...found.values()])
  }

  async scan(request: ScanRequest): Promise<readonly SeriesColumns[]> {
    if (request.fields.length === 0) return []
    const { types } = request
    const found = new Map<string, Gathered>()
    await this.#eachDay(request, async (day, range, midnightNs) => {
      const columns = await this.#columnsOf(day, request)
      const values = await readValues(day, {
        columns,
        range,
        onValues: (count) => this.#count(count),
      })
      for (const column of columns) {
        const rows = values.get(column.id)
        if (rows === undefined) continue
        this.#memory.addRows(rows)
        const chunk = { baseNs: midnightNs, ...rows }
        this.#gather(found, column, { chunk, type: types.get(column.field) ?? 'float' })
      }
    })
    return inOrder(
      [...found.values()].map(({ series, columns }) => ({
        order: series.order,
        tags: series.tags,
        columns: toColumns(columns),
      })),
    )
  }

  /** Where many series share a group, or each is one: few series of several are as soon read. */
  async aggregate(request: AggregateRequest): Promise<readonly AggregatedGroup[] | undefined> {
    if (this.#options.spanDays !== 1 || !areWithinDays(request)) return undefined
    const groups = new AggregatedGroups(request)
    await this.#eachLease(request, async (day) => {
      for (const { seriesKey } of await this.#columnsOf(day, request))
        groups.add(this.#options.cache.get(seriesKey))
    })
    if (groups.isWorthwhile()) {
      const isComplete = await this.#eachColumns(request, groups, { addDay: aggregateColumns })
      return isComplete ? groups.all() : undefined
    }
    const series = SeriesAggregate.begin(request, groups)
    return series === undefined ? undefined : await this.#aggregateSeries(request, groups, series)
  }

  async #aggregateSeries(
    request: AggregateRequest,
    groups: AggregatedGroups,
    series: SeriesAggregate,
  ): Promise<readonly AggregatedGroup[] | undefined> {
    const before = this.#points
    const isComplete = await this.#eachColumns(request, groups, {
      addDay: (day, ofDay) => series.addDay(day, ofDay, (count) => this.#count(count)),
      isOneRead: true,
    })
    this.#memory.add(series.end())
    if (isComplete) return groups.all()
    // They are read once more.
    this.#points = before
    return undefined
  }

  /** Whether all days were added. */
  async #eachColumns(
    request: AggregateRequest,
    groups: AggregatedGroups,
    { addDay, isOneRead = false }: Adding,
  ): Promise<boolean> {
    let isComplete = true
    const read: ReadDay = async (day, range, midnightNs) => {
      if (!isComplete) return
      const columns = await this.#columnsOf(day, request)
      isComplete = await addDay(day, {
        ...{ request, groups, columns, types: request.types, range, midnightNs },
        cache: this.#options.cache,
      })
    }
    await (isOneRead ? this.#eachLease(request, read) : this.#eachDay(request, read))
    return isComplete
  }

  async #columnsOf(day: CachedDay, request: ScanRequest): Promise<readonly StoredColumn[]> {
    const { measurement, fields, matches } = request
    const all = await knownColumns(day, measurement, fields)
    const known = this.#matched.get(all)
    if (known?.matches === matches) return known.columns
    const columns = this.#matching(all, request)
    this.#matched.set(all, { matches, columns })
    return columns
  }

  #matching(all: readonly StoredColumn[], { matches, equals, types }: ScanRequest): StoredColumn[] {
    const { cache } = this.#options
    const columns = columnsThatMayMatch(all, { equals, tagsOf: (key) => cache.get(key).tags })
    const wanted = new Map<string, boolean>()
    const isWanted = (key: string) => {
      const known = wanted.get(key)
      if (known !== undefined) return known
      const matched = matches(cache.get(key).tags)
      wanted.set(key, matched)
      return matched
    }
    // A day whose field has a type that cannot be read as the tenant's is left out, as InfluxDB leaves out such shards.
    return columns.filter(
      ({ seriesKey, field, kind }) => isReadAs(kind, types.get(field)) && isWanted(seriesKey),
    )
  }

  #gather(
    found: Map<string, Gathered>,
    column: StoredColumn,
    { chunk, type }: { readonly chunk: ColumnChunk; readonly type: FieldType },
  ): void {
    let gathered = found.get(column.seriesKey)
    if (gathered === undefined) {
      gathered = { series: this.#options.cache.get(column.seriesKey), columns: new Map() }
      found.set(column.seriesKey, gathered)
    }
    const known = gathered.columns.get(column.field)
    const cast = castChunk(chunk, column.kind, type)
    if (known === undefined) gathered.columns.set(column.field, { type, chunks: [cast] })
    else known.chunks.push(cast)
  }

  /** Frees what it read, of which nobody reads anything any more. */
  release(): void {
    this.#memory.free()
  }

  #count(values: number): void {
    const { maxPoints, signal } = this.#options
    signal.throwIfAborted()
    this.#points += values
    if (this.#points > maxPoints)
      throw new EvaluationError(`max-select-point limit exceeed: (${this.#points}/${maxPoints})`)
  }

  /** Each read as it is at one moment: the fields of a point are in several tables.
   *  Names are read before values: a field that comes in between is seen by the next query. */
  #eachDay(range: Range, read: ReadDay): Promise<void> {
    const { connection } = this.#options
    return this.#eachLease(range, (...day) => inTransaction(connection, () => read(...day)))
  }

  /** Oldest first; each file is attached only while it is read. For reads that are one statement at most. */
  async #eachLease({ minNs, maxNs }: Range, read: ReadDay): Promise<void> {
    const { files, spanDays, tenant, connection, signal } = this.#options
    const lastNs = BigInt(spanDays) * dayNs - 1n
    const [first, last] = [dayOfNs(minNs), dayOfNs(maxNs)]
    this.#days ??= files.days(tenant)
    for (const day of await this.#days) {
      if (day + spanDays <= first || day > last) continue
      signal.throwIfAborted()
      const lease = await files.leaseForRead(tenant, day)
      if (lease === undefined) continue
      const midnightNs = BigInt(day) * dayNs
      const [fromNs, toNs] = [minNs - midnightNs, maxNs - midnightNs]
      const range = {
        fromNs: fromNs > 0n ? Number(fromNs) : 0,
        toNs: Number(toNs < lastNs ? toNs : lastNs),
        isWhole: fromNs <= 0n && toNs >= lastNs,
      }
      try {
        await read({ connection, name: lease.name, state: lease.state }, range, midnightNs)
      } finally {
        lease.release()
      }
    }
  }
}

interface Adding {
  /** False when it cannot add the day. */
  readonly addDay: (day: DaySource, request: DayRequest) => Promise<boolean>
  /** All that it adds is of one statement: no transaction is needed to see it as it is at one moment. */
  readonly isOneRead?: boolean
}

type ReadDay = (day: CachedDay, range: TimeRange, midnightNs: bigint) => Promise<void>

const inOrder = <Item extends { readonly order: string }>(items: Item[]): Item[] =>
  items.sort((a, b) => (a.order < b.order ? -1 : 1))

const toColumns = (columns: Gathered['columns']): FieldColumn[] =>
  [...columns].map(([field, { type, chunks }]) => ({ field, type, chunks }))
