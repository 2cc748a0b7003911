import type { Value } from '@warren/influxql/answers/result'
import type {
  ColumnChunk,
  FieldColumn,
  FieldType,
  ScanRequest,
  SeriesColumns,
  SeriesSource,
} from '@warren/influxql/evaluate/source'
import { createGiveWay } from './give-way.ts'

/** The windows of one group of tags: by column, then by the beginning of the window, ms. */
export interface WindowGroup {
  readonly tags: Readonly<Record<string, string>>
  readonly columns: readonly ReadonlyMap<number, Value>[]
}

const msNs = 1_000_000n
const dayMs = 86_400_000
/** Of one chunk: offsets in nanoseconds stay exact below 104 days. */
const chunkMs = 64 * dayMs

export const windowMeasurement = 'windows'
/** The field that holds a column. */
export const fieldOf = (column: number): string => `c${column}`

/** Of the newest value: a field that was a text once is what it is now. */
function typeOf(columns: readonly ReadonlyMap<number, Value>[], isCount: boolean): FieldType {
  let newestMs = Number.NEGATIVE_INFINITY
  let newest: Value = null
  for (const column of columns)
    for (const [ms, value] of column)
      if (ms > newestMs) {
        newestMs = ms
        newest = value
      }
  if (typeof newest === 'string') return 'string'
  if (typeof newest === 'boolean') return 'boolean'
  return isCount || typeof newest === 'bigint' ? 'integer' : 'float'
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

/** What begins before the range stands where that begins. */
function toColumn(
  { field, type, minNs }: { field: string; type: FieldType; minNs: bigint },
  all: ReadonlyMap<number, Value>,
): FieldColumn {
  const points = [...all].filter(([, value]) => isOf(value, type))
  points.sort(([a], [b]) => a - b)
  const chunks = [...Map.groupBy(points, ([ms]) => Math.floor(ms / chunkMs)).values()]
  return {
    field,
    type,
    chunks: chunks.map((chunk) => {
      const baseMs = chunk[0]?.[0] ?? 0
      const baseNs = BigInt(baseMs) * msNs
      const early = baseNs < minNs ? Number(minNs - baseNs) : 0
      const offset = (ms: number) => Math.max((ms - baseMs) * 1e6, early) - early
      return {
        baseNs: baseNs + BigInt(early),
        offsetsNs: Float64Array.from(chunk, ([ms]) => offset(ms)),
        values: toValues(
          chunk.map(([, value]) => value),
          type,
        ),
      }
    }),
  }
}

/** In the order of their keys, as every source has them. */
async function toSeries(
  groups: readonly WindowGroup[],
  types: readonly FieldType[],
  minNs: bigint,
): Promise<SeriesColumns[]> {
  const giveWay = createGiveWay()
  const keyed: { key: string; series: SeriesColumns }[] = []
  for (const { tags, columns } of groups) {
    const pairs = Object.entries(tags).filter(([, value]) => value !== '')
    pairs.sort(([a], [b]) => (a < b ? -1 : 1))
    const filled = columns.flatMap((values, at) =>
      values.size === 0
        ? []
        : [toColumn({ field: fieldOf(at), type: types[at] ?? 'float', minNs }, values)],
    )
    keyed.push({
      key: pairs.flat().join('\0'),
      series: { tags: new Map(pairs), columns: filled },
    })
    await giveWay(columns.reduce((sum, { size }) => sum + size, 0))
  }
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ series }) => series)
}

/** Windows that are known, as points of one measurement: what is left of a query is evaluated over them. */
export async function windowSource(
  groups: readonly WindowGroup[],
  areCounts: readonly boolean[],
  minNs: bigint,
): Promise<SeriesSource> {
  const types = areCounts.map((isCount, at) =>
    typeOf(
      groups.flatMap(({ columns }) => columns[at] ?? []),
      isCount,
    ),
  )
  const all = await toSeries(groups, types, minNs)
  const daysOf = ({ columns }: SeriesColumns) =>
    columns.flatMap(({ chunks }) =>
      chunks.flatMap(({ baseNs, offsetsNs }) =>
        Array.from(offsetsNs, (offset) => (baseNs + BigInt(offset)) / (BigInt(dayMs) * msNs)),
      ),
    )
  return {
    measurements: async () => [windowMeasurement],
    fields: async () => new Map(types.map((type, at) => [fieldOf(at), type])),
    days: async () => {
      const days = [...new Set(all.flatMap(daysOf))]
      return days.sort((a, b) => (a < b ? -1 : 1)).map((day) => day * BigInt(dayMs) * msNs)
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
