import fc from 'fast-check'
import type {
  ColumnChunk,
  FieldColumn,
  FieldType,
  ScanRequest,
  SeriesColumns,
  SeriesKey,
  SeriesSource,
} from './evaluate/source.ts'
import type { Expr } from './expression.ts'
import type { SelectStatement } from './tree.ts'

type Stored = number | bigint | string | boolean

interface StoredSeries extends SeriesKey {
  readonly key: string
  /** By field, then by time. */
  readonly fields: Map<string, Map<bigint, Stored>>
}

interface Point {
  readonly measurement: string
  readonly tags: ReadonlyMap<string, string>
  readonly fields: ReadonlyMap<string, { readonly type: FieldType; readonly value: Stored }>
  readonly ns: bigint
}

/** Splits at a separator that is neither escaped nor within double quotes. */
function splitAt(text: string, separator: ' ' | ',' | '='): string[] {
  const part = new RegExp(`(?:\\\\.|"(?:\\\\.|[^"\\\\])*"|[^${separator}"\\\\])*`, 'y')
  const parts: string[] = []
  for (let at = 0; at <= text.length; at = part.lastIndex + 1) {
    part.lastIndex = at
    parts.push(part.exec(text)?.[0] ?? '')
    part.lastIndex = at + (parts.at(-1)?.length ?? 0)
  }
  return parts
}

const unescaped = (text: string) => text.replace(/\\([ ,=\\"])/g, '$1')

function toField(text: string): { type: FieldType; value: Stored } {
  if (text.startsWith('"')) return { type: 'string', value: unescaped(text.slice(1, -1)) }
  if (/^-?\d+i$/.test(text)) return { type: 'integer', value: BigInt(text.slice(0, -1)) }
  if (/^(t|true|f|false)$/i.test(text))
    return { type: 'boolean', value: text.toLowerCase().startsWith('t') }
  return { type: 'float', value: Number(text) }
}

function toPair(text: string): [string, string] {
  const [key = '', ...value] = splitAt(text, '=')
  return [unescaped(key), value.join('=')]
}

/** One line of line protocol with a timestamp in nanoseconds. Enough for tests, no more. */
export function parseLine(line: string): Point {
  const [key = '', fields = '', time = '0'] = splitAt(line.trim(), ' ')
  const [measurement = '', ...tags] = splitAt(key, ',')
  const pairs = tags.map(toPair).map(([name, value]) => [name, unescaped(value)] as const)
  const values = splitAt(fields, ',').map(toPair)
  return {
    measurement: unescaped(measurement),
    tags: new Map(pairs.sort(([a], [b]) => (a < b ? -1 : 1))),
    fields: new Map(values.map(([name, value]) => [name, toField(value)])),
    ns: BigInt(time),
  }
}

const byText = (a: string, b: string) => (a < b ? -1 : 1)
const dayNs = 86_400_000_000_000n

function toChunk(type: FieldType, values: readonly Stored[]): ColumnChunk['values'] {
  if (type === 'string') return values.map(String)
  if (type === 'integer') return BigInt64Array.from(values, BigInt)
  return Float64Array.from(values, Number)
}

function toColumn(
  field: string,
  type: FieldType,
  points: readonly (readonly [bigint, Stored])[],
): FieldColumn {
  const days = Map.groupBy(points, ([ns]) => ns / dayNs)
  const chunks = [...days.values()].map((day) => {
    const baseNs = day[0]?.[0] ?? 0n
    const values = day.map(([, value]) => value)
    return {
      baseNs,
      offsetsNs: Float64Array.from(day, ([ns]) => Number(ns - baseNs)),
      values: toChunk(type, values),
    }
  })
  return { field, type, chunks }
}

const inRange = (column: ReadonlyMap<bigint, Stored>, minNs: bigint, maxNs: bigint) =>
  [...column].filter(([ns]) => ns >= minNs && ns <= maxNs).sort(([a], [b]) => (a < b ? -1 : 1))

const hasPoint = (
  column: ReadonlyMap<bigint, Stored> = new Map(),
  { minNs, maxNs }: { readonly minNs: bigint; readonly maxNs: bigint },
): boolean => [...column.keys()].some((ns) => ns >= minNs && ns <= maxNs)

/** A source that holds lines in memory, with the types they were written with. */
export function createMemorySource(lines: readonly string[]): SeriesSource {
  const series = new Map<string, StoredSeries>()
  const types = new Map<string, Map<string, FieldType>>()
  for (const line of lines) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const { measurement, tags, fields, ns } = parseLine(line)
    const key = [measurement, ...[...tags].map((tag) => tag.join('='))].join(',')
    const stored = series.get(key) ?? { measurement, tags, key, fields: new Map() }
    series.set(key, stored)
    const known = types.get(measurement) ?? new Map<string, FieldType>()
    types.set(measurement, known)
    for (const [name, { type, value }] of fields) {
      if (!known.has(name)) known.set(name, type)
      const column = stored.fields.get(name) ?? new Map<bigint, Stored>()
      stored.fields.set(name, column.set(ns, value))
    }
  }
  const sorted = [...series.values()].sort((a, b) => byText(a.key, b.key))
  const scan = async (request: ScanRequest): Promise<SeriesColumns[]> => {
    const { measurement, minNs, maxNs } = request
    return sorted
      .filter((one) => one.measurement === measurement && request.matches(one.tags))
      .map(({ tags, fields }) => {
        const columns = request.fields.flatMap((name) => {
          const points = inRange(fields.get(name) ?? new Map(), minNs, maxNs)
          const type = types.get(measurement)?.get(name) ?? 'float'
          return points.length === 0 ? [] : [toColumn(name, type, points)]
        })
        return { tags, columns }
      })
      .filter(({ columns }) => columns.length > 0)
  }
  const allDays = () => {
    const columns = sorted.flatMap(({ fields }) => [...fields.values()])
    const days = columns.flatMap((column) => [...column.keys()].map((ns) => ns - (ns % dayNs)))
    return [...new Set(days)].sort((a, b) => (a < b ? -1 : 1))
  }
  return {
    days: async () => allDays(),
    measurements: async () => [...types.keys()].sort(byText),
    fields: async (measurement, range = { minNs: -(2n ** 63n), maxNs: 2n ** 63n - 1n }) => {
      const own = sorted.filter((one) => one.measurement === measurement)
      const isThere = ([name]: [string, FieldType]) =>
        own.some(({ fields }) => hasPoint(fields.get(name), range))
      const known = [...(types.get(measurement) ?? [])].filter(isThere)
      return new Map(known.sort(([one], [other]) => byText(one, other)))
    },
    series: async (measurement, minNs, maxNs) =>
      sorted.filter(
        (one) =>
          one.measurement === measurement &&
          [...one.fields.values()].some((column) => hasPoint(column, { minNs, maxNs })),
      ),
    scan,
  }
}

// Letters that have to be quoted or escaped somewhere, and words that have to be quoted.
const name = fc.oneof(
  fc.constantFrom('cpu', 'host', 'select', 'time', 'tenant', 'a b', 'über', 'a"b', 'a\\b', "a'b"),
  fc.stringMatching(/^[ -~]{1,6}$/),
)
const regex = fc.constantFrom('a/b', '^x.*$', 'a|b', '(?i)cpu')
const binaryOperators = [
  '=',
  '!=',
  '<',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  'AND',
  'OR',
] as const

const leaf: fc.Arbitrary<Expr> = fc.oneof(
  name.map((text) => ({ kind: 'reference', name: text }) as const),
  fc.bigInt({ min: 0n, max: 1n << 62n }).map((value) => ({ kind: 'integer', value }) as const),
  fc
    .double({ min: 0, noNaN: true, noDefaultInfinity: true })
    .map((value) => ({ kind: 'number', value }) as const),
  fc
    .string()
    .filter((text) => !/\p{Cc}/u.test(text))
    .map((value) => ({ kind: 'string', value }) as const),
  fc.boolean().map((value) => ({ kind: 'boolean', value }) as const),
  fc.bigInt({ min: 0n, max: 1n << 62n }).map((ns) => ({ kind: 'duration', ns }) as const),
)

const { expr: arbitraryExpr } = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    tie('expr').map((expr) => ({ kind: 'paren', expr }) as const),
    fc.record({
      kind: fc.constant('binary' as const),
      op: fc.constantFrom(...binaryOperators),
      left: tie('expr'),
      right: tie('expr'),
    }),
    fc.record({
      kind: fc.constant('call' as const),
      name: fc.constantFrom('mean', 'max', 'now', 'distinct'),
      args: fc.array(tie('expr'), { maxLength: 2 }),
    }),
  ),
}))

const measurement = fc.oneof(
  name.map((text) => ({ kind: 'measurement', name: text }) as const),
  regex.map((source) => ({ kind: 'measurement', regex: source }) as const),
  name.map((text) => ({ kind: 'measurement', database: 'warren', name: text }) as const),
  name.map(
    (text) => ({ kind: 'measurement', database: 'other', policy: 'p', name: text }) as const,
  ),
)

/** Any expression that can be printed. */
export const arbitraryExpression: fc.Arbitrary<Expr> = arbitraryExpr

/** SELECTs of the whole language, with subqueries, strange names and foreign databases. */
export const arbitrarySelect: fc.Arbitrary<SelectStatement> = fc.letrec<{
  select: SelectStatement
}>((tie) => ({
  select: fc
    .record({
      sources: fc.array(
        fc.oneof(
          { maxDepth: 2, withCrossShrink: true },
          measurement,
          tie('select').map((select) => ({ kind: 'subquery', select }) as const),
        ),
        { minLength: 1, maxLength: 3 },
      ),
      condition: fc.option(arbitraryExpr, { nil: undefined }),
      dimensions: fc.array(leaf, { maxLength: 2 }),
      limit: fc.nat(5),
    })
    .map(
      ({ condition, ...rest }): SelectStatement => ({
        kind: 'select',
        fields: [{ expr: { kind: 'reference', name: 'v' } }],
        ...rest,
        ...(condition === undefined ? {} : { condition }),
        fill: { kind: 'null' },
        sortFields: [],
        offset: 0,
        seriesLimit: 0,
        seriesOffset: 0,
      }),
    ),
})).select
