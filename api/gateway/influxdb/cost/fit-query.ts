import type { Asker } from '../../asker.ts'
import type { LiveLimits } from '../../limits/live-limits.ts'
import { planFor, type RollupOptions } from '../../rollups/plan-for.ts'
import type { ScopedQuery } from '../answer-query.ts'
import type { ReadQuery } from '../read/read-query.ts'
import { clampQuery } from './clamp-query.ts'
import { type Price, plainPrice } from './price.ts'
import { worthCounting } from './series-counts.ts'

export interface FitOptions {
  /** Absent: the store keeps none. */
  readonly rollups?: RollupOptions | undefined
  /** Absent: there are none. */
  readonly limits?: Pick<LiveLimits, 'of'> | undefined
  readonly price?: Price | undefined
}

export interface Fitted {
  /** As it is asked. */
  readonly query: ScopedQuery
  readonly cost: number
  readonly isDear: boolean
  /** Where its range was cut to begin. */
  readonly clampedFromNs?: bigint
  /** What its asker is to know of that. */
  readonly warning?: string
}

const short = (value: number): string => Math.ceil(value).toLocaleString('en')

/** A query as its tenant may ask it: with rollups where points cost too much, and over the newest part of its range where its tenant wants that rather than a refusal. Alert rules are never cut. */
export async function fitQuery(
  { query, cost }: Pick<ReadQuery, 'query' | 'cost'>,
  asker: Pick<Asker, 'tenant' | 'isAlert'>,
  { rollups, limits, price = plainPrice }: FitOptions,
): Promise<Fitted> {
  const plan = async (asked: ScopedQuery, price: number) =>
    rollups === undefined
      ? { cost: price, isDear: false }
      : planFor({ query: asked, cost: price }, asker, rollups)
  const { tenant } = asker
  const first = price(tenant, query, cost < worthCounting ? cost : undefined)
  const whole = { query, ...(await plan(query, first)) }
  const own = limits?.of(tenant)
  if (own?.clamp !== true || whole.cost <= own.maxCost || asker.isAlert) return whole
  const clamped = clampQuery(query, own.maxCost, (select) =>
    price(tenant, { statements: [select], nowNs: query.nowNs }),
  )
  if (clamped === undefined) return whole
  const { query: part, fromNs } = clamped
  const since = new Date(Number(fromNs / 1_000_000n)).toISOString()
  return {
    query: part,
    ...(await plan(part, price(tenant, part))),
    clampedFromNs: fromNs,
    warning: `the query would cost about ${short(whole.cost)} units, and the limit maxCost is ${short(own.maxCost)}: its range is cut to begin at ${since}; ask for a shorter range, a longer interval, fewer series or fewer functions`,
  }
}
