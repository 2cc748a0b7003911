import { ExactSum } from '@warren/influxql/evaluate/stream/exact-sum'

/**
 * Sums of floats in SQL that are exact whatever the order, where `sum(v)` differs from run to run with the threads that share the work.
 * 1. A value is cut into a part on a coarse grid, on request a second one on a finer grid, and a rest. Parts are so few units of their grid that a float holds their sum.
 * 2. Rests are so small that the error of their sum can be bounded.
 * 3. Where the bound leaves a single float that the true sum may be rounded to, that is it; else the cut must be finer.
 */
export interface Split {
  /** Every value is below 2^magnitude. */
  readonly magnitude: number
  /** At most 2^countBits values a sum. */
  readonly countBits: number
  readonly parts: 1 | 2
  /** SQL for a number that no value exceeds, of the values themselves when absent. */
  readonly greatest?: string | undefined
}

/** What SQL answers for one sum. */
export interface SplitSum {
  readonly count: number
  /** Of parts, coarse ones first. */
  readonly sums: readonly number[]
  readonly rests: readonly RestSum[]
}

/** A sum that has an error. */
export interface RestSum {
  readonly sum: number
  /** The greatest of what it is of, without its sign. */
  readonly greatest: number
}

const mantissaBits = 53

/** Exponents of the grids. */
const gridsOf = ({ magnitude, countBits, parts }: Split): number[] => {
  const coarse = magnitude + countBits - mantissaBits + 1
  return parts === 1 ? [coarse] : [coarse, coarse + countBits - mantissaBits]
}

/** Adding it to a float and taking it away again rounds to the grid. */
const rounder = (grid: number): string => `${(1.5 * 2 ** (grid + 52)).toExponential()}`

/** Columns `part0`, … and `rest` of a query that has `v`; of another value their names begin with its own. */
export function splitColumns(
  split: Split,
  value = 'v',
): readonly { readonly name: string; readonly sql: string }[] {
  const columns: { name: string; sql: string }[] = []
  const prefix = value === 'v' ? '' : value
  let left = value
  gridsOf(split).forEach((grid, at) => {
    const part = `((${left} + ${rounder(grid)}) - ${rounder(grid)})`
    columns.push({ name: `${prefix}part${at}`, sql: part })
    left = `(${left} - ${part})`
  })
  return [...columns, { name: `${prefix}rest`, sql: left }]
}

/** The true sum, rounded once; undefined when it cannot be told. */
export function sumOfSplit({ count, sums, rests }: SplitSum): number | undefined {
  const greatest = rests.reduce((sum, rest) => sum + rest.greatest, 0)
  const bound = count * count * 2 ** -mantissaBits * greatest * 1.001
  const parts = [...sums, ...rests.map(({ sum }) => sum)]
  const withError = (error: number) =>
    [...parts, error].reduce((sum, part) => sum.add(part), new ExactSum()).value()
  const [least, most] = [withError(-bound), withError(bound)]
  return least === most ? least : undefined
}

/** The greatest rest there can be. */
export const restBound = (split: Split): number => 2 ** ((gridsOf(split).at(-1) ?? 0) - 1)
