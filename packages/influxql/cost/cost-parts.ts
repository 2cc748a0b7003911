import type { Expr } from '../expression.ts'
import type { Measurement } from '../tree.ts'

/** What is known of the data, handed in: the estimate itself asks nobody. */
export interface CostContext {
  /** What `now()` means, and where a range without upper bound ends. */
  readonly nowNs: bigint
  /** How many series of the asking tenant, and of nobody else, a source has whose tags equal these; all of its database without a source.
   *  A provider that does not index tags may pass over `equal`, one that does may read the whole condition, without time. 1 when not given. */
  readonly seriesOf?: (
    source: Measurement | undefined,
    equal: ReadonlyMap<string, string>,
    condition: Expr | undefined,
  ) => number
  /** Fields of a source, for `*` and regexes. 10 when not given. */
  readonly fieldsOf?: (source: Measurement) => number
  /** Where a range without lower bound begins: the oldest point that is kept. 30 days before now when not given. */
  readonly oldestNs?: bigint
  /** Between two points of a series; of a rollup it is known. 10 s when not given, which is what Telegraf sends. */
  readonly stepNs?: bigint
}

/** An upper bound of what one statement asks for, as far as the numbers that were handed in are right. */
export interface Cost {
  /** The longest range that is read, in nanoseconds; 0 where nothing is read by time. */
  readonly rangeNs: bigint
  /** Of GROUP BY time(…), the shortest at any depth, in nanoseconds; 0 without. */
  readonly intervalNs: bigint
  /** Windows of one series, the most at any depth; 1 without GROUP BY time(…). */
  readonly buckets: number
  /** Series that are opened, each as often as it is. */
  readonly series: number
  /** Field values that are read. */
  readonly points: number
  /** Values of the answer, times not counted. */
  readonly values: number
  /** Calls of aggregates, selectors and transformations. */
  readonly functions: number
  /** Regexes that have to be matched against names or tag values. */
  readonly regexes: number
  /** Characters of the canonical text. */
  readonly size: number
  /** All of it as one number; 1 is the least, and reading 10,000 values and answering few costs 1 more. */
  readonly units: number
}

export type CostParts = Omit<Cost, 'size' | 'units'>
