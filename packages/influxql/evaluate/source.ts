import type { BucketSums, IntegerSums } from './stream/bucket-sums.ts'

/** What the evaluator reads: the series of one database, from any store. No I/O happens in this package. */

export type FieldType = 'float' | 'integer' | 'string' | 'boolean'

/** Values of one field of one series within one stretch of time, oldest first, no timestamp twice. */
export interface ColumnChunk {
  /** Nanoseconds since the epoch; offsets are exact because a chunk spans at most a day. */
  readonly baseNs: bigint
  readonly offsetsNs: Float64Array
  /** As long as the offsets; integers are a BigInt64Array, a boolean is 0 or 1. */
  readonly values: Float64Array | BigInt64Array | Uint8Array | readonly string[]
}

export interface FieldColumn {
  readonly field: string
  readonly type: FieldType
  /** Oldest first, not overlapping. */
  readonly chunks: readonly ColumnChunk[]
}

export interface SeriesColumns {
  /** Without empty values. */
  readonly tags: ReadonlyMap<string, string>
  /** Only the fields asked for that have a value in range. */
  readonly columns: readonly FieldColumn[]
}

export interface ScanRequest {
  readonly measurement: string
  readonly fields: readonly string[]
  /** As what each is read; days in which it cannot be are left out. */
  readonly types: ReadonlyMap<string, FieldType>
  /** Both inclusive, nanoseconds since the epoch. */
  readonly minNs: bigint
  readonly maxNs: bigint
  /** Decides by tags alone which series are read. */
  readonly matches: (tags: ReadonlyMap<string, string>) => boolean
  /** Values that tags have in every series that matches, where some are known: there is no need to look at others. */
  readonly equals?: ReadonlyMap<string, string>
}

export interface AggregateRequest extends ScanRequest {
  /** First nanoseconds of the buckets, ascending; the first one holds `minNs`, the last one `maxNs`. As wide as each other, but where the clock of a time zone changes. */
  readonly starts: readonly bigint[]
  readonly widthNs: bigint
  /** Tags whose values tell groups apart. */
  readonly dimensions: readonly string[]
  readonly needs: Needs
}

/** Which figures of a bucket are wanted beside its count. */
export interface Needs {
  readonly sums: boolean
  readonly extremes: boolean
  readonly medians: boolean
}

export interface AggregatedGroup {
  /** Of the dimensions; without empty values. */
  readonly tags: ReadonlyMap<string, string>
  /** By field, as long as the starts: of floats just what `sumColumns` makes of the values, to the last bit. */
  readonly sums: ReadonlyMap<string, BucketSums | IntegerSums>
}

export interface SeriesKey {
  readonly measurement: string
  readonly tags: ReadonlyMap<string, string>
}

export interface SeriesSource {
  /** Sorted by name (bytes). */
  measurements(): Promise<readonly string[]>
  /** Of the days that a range touches (nanoseconds, inclusive), of all without one; sorted by name, empty for an unknown measurement. */
  fields(
    measurement: string,
    range?: { readonly minNs: bigint; readonly maxNs: bigint },
  ): Promise<ReadonlyMap<string, FieldType>>
  /** First nanoseconds of the UTC days that may hold points, ascending. */
  days(): Promise<readonly bigint[]>
  /** Every series of the measurement that has a point in range, sorted by tags as InfluxDB sorts series keys. */
  series(measurement: string, minNs: bigint, maxNs: bigint): Promise<readonly SeriesKey[]>
  /** Series that match and have a value of a field asked for in range, sorted as `series`. */
  scan(request: ScanRequest): Promise<readonly SeriesColumns[]>
  /** Aggregates without giving the values; of fields that are floats or integers only. Undefined where the values had better be read: then they are scanned. */
  aggregate?(request: AggregateRequest): Promise<readonly AggregatedGroup[] | undefined>
}
