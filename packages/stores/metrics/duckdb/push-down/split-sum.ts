import { ExactSum } from '@warren/influxql/evaluate/exact-sum'

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
  readonly rest: number
  /** The greatest rest, without its sign. */
  readonly greatestRest: number
}

const mantissaBits = 53

/** Exponents of the grids. */
const gridsOf = ({ magnitude, countBits, parts }: Split): number[] => {
  const coarse = magnitude + countBits - mantissaBits + 1
  return parts === 1 ? [coarse] : [coarse, coarse + countBits - mantissaBits]
}

/** Adding it to a float and taking it away again rounds to the grid. */
const rounder = (grid: number): string => `${(1.5 * 2 ** (grid + 52)).toExponential()}`

/** Columns `part0`, … and `rest` of a query that has `v`. */
export function splitColumns(
  split: Split,
): readonly { readonly name: string; readonly sql: string }[] {
  const columns: { name: string; sql: string }[] = []
  let left = 'v'
  gridsOf(split).forEach((grid, at) => {
    const part = `((${left} + ${rounder(grid)}) - ${rounder(grid)})`
    columns.push({ name: `part${at}`, sql: part })
    left = `(${left} - ${part})`
  })
  return [...columns, { name: 'rest', sql: left }]
}

/** The true sum, rounded once; undefined when it cannot be told. */
export function sumOfSplit({ count, sums, rest, greatestRest }: SplitSum): number | undefined {
  const bound = count * count * 2 ** -mantissaBits * greatestRest * 1.001
  const withError = (error: number) =>
    [...sums, rest, error].reduce((sum, part) => sum.add(part), new ExactSum()).value()
  const [least, greatest] = [withError(-bound), withError(bound)]
  return least === greatest ? least : undefined
}

/** The greatest rest there can be. */
export const restBound = (split: Split): number => 2 ** ((gridsOf(split).at(-1) ?? 0) - 1)
