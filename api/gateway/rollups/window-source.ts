import type {
  ColumnChunk,
  FieldColumn,
  FieldType,
  ScanRequest,
  SeriesColumns,
  SeriesSource,
} from '@warren/influxql/evaluate/source'
import type { Value } from '@warren/influxql/result'

/** The windows of one group of tags: by column, then by the time of the window, nanoseconds. */
export interface WindowGroup {
  readonly tags: Readonly<Record<string, string>>
  readonly columns: readonly ReadonlyMap<bigint, Value>[]
}

const dayNs = 86_400_000_000_000n
/** Of one chunk: offsets in nanoseconds stay exact below 104. */
const chunkNs = 64n * dayNs

export const windowMeasurement = 'windows'
/** The field that holds a column. */
export const fieldOf = (column: number): string => `c${column}`

/** Of the newest value: a field that was a text once is what it is now. */
function typeOf(values: ReadonlyMap<bigint, Value>, isCount: boolean): FieldType {
  let newest: [bigint, Value] | undefined
  for (const [ns, value] of values) if (newest === undefined || ns > newest[0]) newest = [ns, value]
  const [, value = null] = newest ?? []
  if (typeof value === 'string' || typeof value === 'boolean')
    return typeof value === 'string' ? 'string' : 'boolean'
  return isCount || typeof value === 'bigint' ? 'integer' : 'float'
}

const isOf = (value: Value, type: FieldType): boolean =>
  type === 'string' || type === 'boolean'
    ? typeof value === type
    : typeof value === 'number' || typeof value === 'bigint'

function toValues(values: readonly Value[], type: FieldType): ColumnChunk['values'] {
  switch (type) {
    case 'string':
      return values.map(String)
    case 'boolean':
      return Uint8Array.from(values, (value) => (value === true ? 1 : 0))
    case 'integer':
      return BigInt64Array.from(values, (value) => BigInt(Number(value)))
    case 'float':
      return Float64Array.from(values, Number)
  }
}

function toColumn(field: string, type: FieldType, all: ReadonlyMap<bigint, Value>): FieldColumn {
  const points = [...all].filter(([, value]) => isOf(value, type))
  points.sort(([a], [b]) => (a < b ? -1 : 1))
  const chunks = [...Map.groupBy(points, ([ns]) => ns / chunkNs).values()].map((chunk) => {
    const baseNs = chunk[0]?.[0] ?? 0n
    return {
      baseNs,
      offsetsNs: Float64Array.from(chunk, ([ns]) => Number(ns - baseNs)),
      values: toValues(
        chunk.map(([, value]) => value),
        type,
      ),
    }
  })
  return { field, type, chunks }
}

/** In the order of their keys, as every source has them. */
function toSeries(groups: readonly WindowGroup[], types: readonly FieldType[]): SeriesColumns[] {
  const keyed = groups.map(({ tags, columns }) => {
    const pairs = Object.entries(tags).filter(([, value]) => value !== '')
    pairs.sort(([a], [b]) => (a < b ? -1 : 1))
    const filled = columns.flatMap((values, at) =>
      values.size === 0 ? [] : [toColumn(fieldOf(at), types[at] ?? 'float', values)],
    )
    return { key: pairs.flat().join('\0'), series: { tags: new Map(pairs), columns: filled } }
  })
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ series }) => series)
}

function typesOf(groups: readonly WindowGroup[], areCounts: readonly boolean[]): FieldType[] {
  return areCounts.map((isCount, at) => {
    const all = groups.flatMap(({ columns }) => [...(columns[at] ?? [])])
    return typeOf(new Map(all), isCount)
  })
}

/** Windows that are known, as points of one measurement: what is left of a query is evaluated over them. */
export function windowSource(
  groups: readonly WindowGroup[],
  areCounts: readonly boolean[],
): SeriesSource {
  const types = typesOf(groups, areCounts)
  const all = toSeries(groups, types)
  const daysOf = ({ columns }: SeriesColumns) =>
    columns.flatMap(({ chunks }) =>
      chunks.flatMap(({ baseNs, offsetsNs }) =>
        Array.from(offsetsNs, (offset) => (baseNs + BigInt(offset)) / dayNs),
      ),
    )
  return {
    measurements: async () => [windowMeasurement],
    fields: async () => new Map(types.map((type, at) => [fieldOf(at), type])),
    days: async () => {
      const days = [...new Set(all.flatMap(daysOf))]
      return days.sort((a, b) => (a < b ? -1 : 1)).map((day) => day * dayNs)
    },
    series: async () => all.map(({ tags }) => ({ measurement: windowMeasurement, tags })),
    scan: async ({ fields, matches }: ScanRequest) =>
      all
        .filter(({ tags }) => matches(tags))
        .map(({ tags, columns }) => ({
          tags,
          columns: columns.filter(({ field }) => fields.includes(field)),
        }))
        .filter(({ columns }) => columns.length > 0),
  }
}
