import type { SelectStatement } from '@warren/influxql/tree'
import type { ScopedQuery } from '../answer-query.ts'

/** Counts of series change by the minute. */
const keepMs = 1000

interface Priced {
  readonly lengthNs: bigint
  readonly cost: number
  readonly atMs: number
}

/** By the SELECT without its range, which is the same object for queries of one stencil, and so of one tenant and its grants. */
const lately = new WeakMap<SelectStatement, Priced>()

/** What a query costs, worked out once a second for those that come again with another range as long. */
export function latelyPriced({ ranged }: ScopedQuery, price: () => number): number {
  if (ranged === undefined) return price()
  const { select, range } = ranged
  const lengthNs = range.maxNs - range.minNs
  const atMs = performance.now()
  const known = lately.get(select)
  if (known?.lengthNs === lengthNs && atMs - known.atMs < keepMs) return known.cost
  const cost = price()
  lately.set(select, { lengthNs, cost, atMs })
  return cost
}
