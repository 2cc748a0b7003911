import { parseSearch } from '@warren/searchdsl/parse/search'
import type { Query } from '@warren/searchdsl/tree'
import { describe, expect, it } from 'vitest'
import { snapSearch } from './snap-search.ts'

const gridMs = 5000
const nowMs = Date.UTC(2026, 2, 4, 12) + 1234
const sixHoursMs = 6 * 3_600_000

interface Ends {
  readonly fromMs: number
  readonly toMs: number
}

/** A panel of Grafana. */
const panel = ({ fromMs, toMs }: Ends) =>
  parseSearch({
    size: 0,
    query: {
      bool: {
        filter: [
          { range: { '@timestamp': { gte: fromMs, lte: toMs, format: 'epoch_millis' } } },
          { query_string: { query: '*', analyze_wildcard: true } },
        ],
      },
    },
    aggs: {
      2: {
        date_histogram: {
          ...{ field: '@timestamp', fixed_interval: '30s', min_doc_count: 0 },
          ...{ extended_bounds: { min: fromMs, max: toMs }, format: 'epoch_millis' },
        },
      },
    },
  })

describe('a panel that ends about now', () => {
  it.each([-9999, -5000, -1, 0, 1, 777, 4000, 9999])('%i ms from now', (afterMs) => {
    const toMs = nowMs + afterMs
    const shiftMs = toMs % gridMs
    const asked = { fromMs: toMs - sixHoursMs, toMs }
    const moved = { fromMs: asked.fromMs - shiftMs, toMs: toMs - shiftMs }
    expect(snapSearch(panel(asked), nowMs)).toEqual(panel(moved))
  })

  it.each([-50, -1, 0, 1, 50])('begins on the grid where it would %i ms beside it', (besideMs) => {
    const toMs = nowMs
    const fromMs = toMs - sixHoursMs + besideMs
    const endMs = toMs - (toMs % gridMs)
    expect(snapSearch(panel({ fromMs, toMs }), nowMs)).toEqual(
      panel({ fromMs: endMs - sixHoursMs, toMs: endMs }),
    )
  })

  it('keeps a beginning that is further from it', () => {
    const toMs = nowMs
    const fromMs = toMs - sixHoursMs + 51
    const shiftMs = toMs % gridMs
    expect(snapSearch(panel({ fromMs, toMs }), nowMs)).toEqual(
      panel({ fromMs: fromMs - shiftMs, toMs: toMs - shiftMs }),
    )
  })

  it('may have no beginning', () => {
    const open = (lt: number) => parseSearch({ query: { range: { '@timestamp': { lt } } } })
    expect(snapSearch(open(nowMs), nowMs)).toEqual(open(nowMs - 1234))
  })
})

describe('is left as it is', () => {
  const live = { fromMs: nowMs - sixHoursMs, toMs: nowMs }
  const { query } = panel(live)

  it.each([-10_001, -60_000, 10_001])('a panel that ends %i ms from now', (afterMs) => {
    const request = panel({ fromMs: live.fromMs, toMs: nowMs + afterMs })
    expect(snapSearch(request, nowMs)).toBe(request)
  })

  it('a page after another', () => {
    const request = { ...panel(live), searchAfter: [nowMs] }
    expect(snapSearch(request, nowMs)).toBe(request)
  })

  it('what names another moment', () => {
    const now = parseSearch({ query: { range: { '@timestamp': { gte: 'now-6h', lte: nowMs } } } })
    const both: Query = {
      ...{ type: 'bool', must: [], should: [], mustNot: [] },
      filter: [query, now.query],
    }
    const twice = { ...now, query: both }
    for (const request of [now, twice]) expect(snapSearch(request, nowMs)).toBe(request)
  })
})
