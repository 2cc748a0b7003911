import type { Asker } from '../asker.ts'
import type { ScopedQuery } from '../influxdb/answer-query.ts'
import type { Price } from '../influxdb/cost/price.ts'
import type { KeptTimes, KeptTimesSource } from './kept-times.ts'
import { askedFor, planStatements } from './plan-query.ts'

export interface RollupOptions {
  readonly kept: KeptTimesSource
  /** Of one query, in units of cost. */
  readonly maxCostOf: (tenant: string) => number
  /** Alert rules are answered from rollups, too. */
  readonly alerts: boolean
  readonly price: Price
}

interface Priced {
  readonly query: ScopedQuery
  /** As if all of it were asked of points. */
  readonly cost: number
}

type Caller = Pick<Asker, 'tenant' | 'isAlert'>

/** Whether points have all that a query asks for, where that is known without reading it. */
export const isOfPoints = ({ ranged }: ScopedQuery, { pointsNs }: KeptTimes): boolean =>
  ranged !== undefined && ranged.range.minNs >= pointsNs

/** What a query costs: by what its points would, and less where rollups answer instead, as they do where that is more than its tenant may ask for. */
export async function planFor(
  { query, cost }: Priced,
  { tenant, isAlert }: Caller,
  { kept, maxCostOf, alerts, price }: RollupOptions,
): Promise<{ readonly cost: number; readonly isDear: boolean }> {
  const times = await kept.of(tenant, query.nowNs)
  const maxCost = maxCostOf(tenant)
  if (cost <= maxCost && isOfPoints(query, times)) return { cost, isDear: false }
  const mayRoll = alerts || !isAlert
  const costWith = (isDear: boolean): number =>
    price(tenant, {
      statements: askedFor(planStatements(query, { kept: times, mayRoll, isDear }), query),
      nowNs: query.nowNs,
    })
  const least = costWith(false)
  const dear = least > maxCost && mayRoll ? costWith(true) : least
  const isDear = least > maxCost && dear <= maxCost
  return { cost: isDear ? dear : least, isDear }
}
