import type { SelectStatement } from '@warren/influxql/tree'
import type { Price } from './price.ts'

/** Counts of series change by the minute. */
const keepMs = 1000

interface Priced {
  readonly lengthNs: bigint
  readonly cost: number
  readonly atMs: number
}

/**
 * A price that is worked out once a second for queries that come again with another range as long: by the SELECT without its range, which is the same object for queries of one stencil, and so of one tenant
 * and its grants.
 */
export function latelyPriced(price: Price, now: () => number = Date.now): Price {
  const lately = new WeakMap<SelectStatement, Priced>()
  return (tenant, query, found) => {
    const { ranged } = query
    if (ranged === undefined) return price(tenant, query, found)
    const { select, range } = ranged
    const lengthNs = range.maxNs - range.minNs
    const atMs = now()
    const known = lately.get(select)
    // A clock may be set back.
    if (known?.lengthNs === lengthNs && Math.abs(atMs - known.atMs) < keepMs) return known.cost
    const cost = price(tenant, query, found)
    lately.set(select, { lengthNs, cost, atMs })
    return cost
  }
}
