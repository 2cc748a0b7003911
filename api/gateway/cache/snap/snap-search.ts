import { minTimeNs } from '@warren/influxql/time-range'
import { onlyRangeOf, withOnlyRange } from '@warren/searchdsl/time/only-range'
import type { SearchRequest } from '@warren/searchdsl/tree'
import { snapRange } from './snap.ts'

const msNs = 1_000_000n
const toNs = (ms: number): bigint => BigInt(ms) * msNs
const toMs = (ns: bigint): number => Number(ns / msNs)

/**
 * A search about one range that ends about now is moved back, all that names an end of it by the same less than 5 s, so that it ends on the grid. One about a past
 * range stays as it is, and so does one that names any other moment (`now-1h`, a second range, `search_after`): nobody knows whether that would follow the clock.
 */
export function snapSearch(request: SearchRequest, nowMs: number): SearchRequest {
  const range = onlyRangeOf(request)
  if (range === undefined) return request
  const { fromMs, toMs: end } = range
  const asked = { minNs: fromMs === undefined ? minTimeNs : toNs(fromMs), maxNs: toNs(end) }
  const { minNs, maxNs } = snapRange(asked, toNs(nowMs))
  if (maxNs === asked.maxNs && minNs === asked.minNs) return request
  return withOnlyRange(request, {
    fromMs: fromMs === undefined ? undefined : toMs(minNs),
    toMs: toMs(maxNs),
  })
}
