import type { Asker } from '../asker.ts'
import type { LiveLimits } from '../limits/live-limits.ts'
import { planFor, type RollupOptions } from '../rollups/plan-for.ts'
import type { ScopedQuery } from './answer-query.ts'
import { clampQuery } from './clamp-query.ts'
import { priceOf } from './price.ts'
import type { ReadQuery } from './read-query.ts'

export interface FitOptions {
  /** Absent: the store keeps none. */
  readonly rollups?: RollupOptions | undefined
  /** Absent: there are none. */
  readonly limits?: Pick<LiveLimits, 'of'> | undefined
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
  { rollups, limits }: FitOptions,
): Promise<Fitted> {
  const plan = async (asked: ScopedQuery, price: number) =>
    rollups === undefined
      ? { cost: price, isDear: false }
      : planFor({ query: asked, cost: price }, asker, rollups)
  const whole = { query, ...(await plan(query, cost)) }
  const own = limits?.of(asker.tenant)
  if (own?.clamp !== true || whole.cost <= own.maxCost || asker.isAlert) return whole
  const clamped = clampQuery(query, own.maxCost)
  if (clamped === undefined) return whole
  const { query: part, fromNs } = clamped
  const since = new Date(Number(fromNs / 1_000_000n)).toISOString()
  return {
    query: part,
    ...(await plan(part, priceOf(part.statements, part))),
    clampedFromNs: fromNs,
    warning: `the query would cost about ${short(whole.cost)} units, and the limit maxCost is ${short(own.maxCost)}: its range is cut to begin at ${since}; ask for a shorter range, a longer interval, fewer series or fewer functions`,
  }
}
