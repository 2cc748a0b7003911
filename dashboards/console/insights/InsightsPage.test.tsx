import { QueryClient } from '@tanstack/react-query'
import type { FiguresBody, Insights, KeptQuery } from '@warren/contracts/http/query-insights'
import { expect, it } from 'vitest'
import { markupOf } from '../testing.tsx'
import { InsightsPage } from './InsightsPage.tsx'
import { insightsQuery } from './insight-queries.ts'

const figures = { queries: 3, cost: 2, savedCost: 1, hit: 1, partial: 0, tookMs: 9 } as FiguresBody

const kept = (requestId: string, state: KeptQuery['state']): KeptQuery =>
  ({
    ...{ requestId, state, tenant: 'default', protocol: 'influxql', text: 'SHOW DATABASES' },
    ...{ at: '2026-05-01T10:00:00Z', credential: 'admin', tookMs: 5, waitedMs: 0 },
    ...{ user: null, dashboard: null, panel: null, resolution: null, clampedFrom: null },
    reason: null,
  }) as KeptQuery

function pageOf(insights: Pick<Insights, 'slowest' | 'failed'>): string {
  const client = new QueryClient()
  const wish = { window: '1h', by: 'dashboard', order: 'cost', isAll: false } as const
  const rest = { instance: 'a', since: '2026-05-01T10:00:00Z', items: [], stores: [] }
  const answer: Insights = { ...rest, total: figures, ...insights }
  client.setQueryData(insightsQuery(wish).queryKey, answer)
  return markupOf(<InsightsPage />, { client })
}

it('leaves refused queries out of the slowest', () => {
  const refused = kept('r1', 'refused')
  const markup = pageOf({ failed: [refused], slowest: [kept('m1', 'miss'), refused] })
  expect(markup.match(/Request m1/g)).toHaveLength(1)
  expect(markup.match(/Request r1/g)).toHaveLength(1)
})

it('says what its columns and the states of queries mean, without a pointer', () => {
  const markup = pageOf({ failed: [], slowest: [kept('m1', 'miss'), kept('p1', 'partial')] })
  const text = markup.replace(/<[^>]*>/g, '')
  expect(text).toContain('Cost: units that the stores were asked for')
  expect(text).toContain('Saved: units that the cache had')
  expect(text).toContain('miss: a store had it all to answer')
  expect(text).toContain('partial: the cache had a part')
  expect(text).not.toContain('bypass:')
})
