import type { DaySource } from '../day-reader.ts'
import { keptWidthNs } from '../kept-sums/kept-sums.ts'
import {
  type Found,
  hasNegativeZero,
  isLone,
  type LoneBucket,
  magnitudeOf,
  maxMagnitude,
  put,
} from './aggregate-day.ts'
import { columnFilter } from './column-filter.ts'
import { type DayAggregate, type Figure, type NamedSql, readFigures } from './day-query.ts'
import { type Split, splitColumns, sumOfSplit } from './split-sum.ts'

/** Sums of one bucket, at most. */
const countBits = 19

/** How both floats of the kept sums are cut. */
interface Splits {
  readonly v: Split
  readonly small: Split
}

/** Puts the figures of the buckets that these windows make up where they belong, but for the sums of lone buckets, which it returns. Undefined when it cannot tell all to the last bit. */
export async function aggregateKept(
  day: DaySource,
  aggregate: DayAggregate,
  slots: readonly number[],
): Promise<readonly LoneBucket[] | undefined> {
  const from = { table: tableOf(day), where: whereOf(aggregate, slots) }
  const splits = aggregate.needs.sums ? await splitsFor(day, from) : undefined
  if (splits === undefined && aggregate.needs.sums) return undefined
  const found = await read(day, aggregate, { from, splits })
  if (found?.hasZero && (await hasNegativeZero(day, aggregate))) return undefined
  return found?.buckets
}

interface Kept {
  readonly table: string
  readonly where: string
}

/** Sums in the place of values. */
const tableOf = ({ name }: DaySource): string =>
  `(SELECT col, slot, slot::BIGINT * ${keptWidthNs} AS t, part AS v, rest AS small, points, low, high FROM ${name}.sums)`

function whereOf({ columns }: DayAggregate, slots: readonly number[]): string {
  const [first, last] = [slots[0] ?? 0, slots.at(-1) ?? 0]
  const kept = new Set(slots)
  const absent: number[] = []
  for (let slot = first; slot <= last; slot++) if (!kept.has(slot)) absent.push(slot)
  const but = absent.length === 0 ? '' : ` AND slot NOT IN (${absent.join(', ')})`
  return `${columnFilter(columns.ids)} AND slot BETWEEN ${first} AND ${last}${but}`
}

/** Undefined where a sum is none, or too large to be cut. */
async function splitsFor({ connection }: DaySource, from: Kept): Promise<Splits | undefined> {
  const found = await connection.runAndReadAll(
    `SELECT max(abs(v)), max(abs(small)) FROM ${from.table} WHERE ${from.where}`,
  )
  const [v, small] = (found.getRows()[0] ?? []).map((greatest) =>
    magnitudeOf(Number(greatest ?? 0)),
  )
  const isSummable = (magnitude: number | undefined): magnitude is number =>
    magnitude !== undefined && magnitude <= maxMagnitude
  if (!isSummable(v) || !isSummable(small)) return undefined
  const cut = { countBits, parts: 2 } as const
  return { v: { magnitude: v, ...cut }, small: { magnitude: small, ...cut } }
}

interface Reading {
  readonly from: Kept
  readonly splits: Splits | undefined
}

/** Undefined when the cuts do not do. */
async function read(
  day: DaySource,
  aggregate: DayAggregate,
  { from, splits }: Reading,
): Promise<Found | undefined> {
  const buckets: LoneBucket[] = []
  let hasZero = false
  const parts = splits === undefined ? [] : partsOf(splits)
  const figures = figuresOf(aggregate, parts)
  const cuts = [...passed, ...parts]
  for await (const { group, index, figure } of readFigures(day, aggregate, {
    ...{ figures, cuts, from },
  })) {
    const sum = splits === undefined ? 0 : summed(figure)
    if (sum === undefined) return undefined
    put(figure, sum, { into: aggregate.into(group), index })
    hasZero ||= aggregate.needs.extremes && (figure('low') === 0 || figure('high') === 0)
    if (splits !== undefined && isLone(figure))
      buckets.push({ group, index, column: figure('firstColumn') })
  }
  return { buckets, hasZero }
}

const passed: readonly NamedSql[] = ['points', 'low', 'high'].map((name) => ({ name, sql: name }))

const partsOf = ({ v, small }: Splits): NamedSql[] => [
  ...splitColumns(v),
  ...splitColumns(small, 'small'),
]

function figuresOf({ needs }: DayAggregate, parts: readonly NamedSql[]): NamedSql[] {
  const figures = [{ name: 'count', sql: 'sum(points)::DOUBLE' }]
  if (needs.extremes)
    figures.push({ name: 'low', sql: 'min(low)' }, { name: 'high', sql: 'max(high)' })
  if (parts.length === 0) return figures
  return [
    ...figures,
    ...parts.map(({ name }) => ({ name, sql: `sum(${name})` })),
    { name: 'greatestRest', sql: 'max(abs(rest))' },
    { name: 'greatestSmallRest', sql: 'max(abs(smallrest))' },
    { name: 'rows', sql: 'count(*)::DOUBLE' },
    { name: 'firstColumn', sql: 'min(col)::DOUBLE' },
    { name: 'lastColumn', sql: 'max(col)::DOUBLE' },
  ]
}

function summed(figure: Figure): number | undefined {
  const count = figure('rows')
  if (count > 2 ** countBits) return undefined
  return sumOfSplit({
    count,
    sums: ['part0', 'part1', 'smallpart0', 'smallpart1'].map(figure),
    rests: [
      { sum: figure('rest'), greatest: figure('greatestRest') },
      { sum: figure('smallrest'), greatest: figure('greatestSmallRest') },
    ],
  })
}
