import type { StatementResult } from '@warren/influxql/answers/result'
import type { Expr } from '@warren/influxql/expression'
import type { Measurement, Statement } from '@warren/influxql/tree'
import { createTurns } from '@warren/platform/in-turn'
import { Gauge, type Registry } from 'prom-client'
import { type Price, priceOf } from './price.ts'
import { TenantSeries } from './tenant-series.ts'
import { toWanted, type WantedSeries } from './wanted-series.ts'

/** Asks the store for a tenant, in its turn. */
export type AskForTenant = (tenant: string, statement: Statement) => Promise<StatementResult>

/** Below it, with one series, a query is cheap with any number of them that a tenant has. */
export const worthCounting = 1.2

/** Of all tenants, each one count at a time: fifty that begin at once would take the store from their own panels, and one whose store is slow must not hold up all others. */
const atOnce = 2

/** Series that send at one time, as the last hour's rollups have them: by tenant, measurement and condition on tags. A query is never held up for them; what is not known counts as one series. */
export class SeriesCounts {
  readonly #ask: AskForTenant
  readonly #now: () => number
  readonly #inTurn = createTurns(atOnce)
  /** One for each that has asked lately. */
  readonly #byTenant = new Map<string, TenantSeries>()

  constructor(ask: AskForTenant, now: () => number = Date.now) {
    this.#ask = ask
    this.#now = now
  }

  /** Counts that prices wait for, of all tenants. */
  get waiting(): number {
    return [...this.#byTenant.values()].reduce((sum, { waiting }) => sum + waiting, 0)
  }

  /** A query's price by what is known of its series. What is not known, or not any more, is counted meanwhile, for the next time. */
  readonly price: Price = (tenant, { statements, nowNs }, found) => {
    if (found !== undefined) return found
    const known = this.#of(tenant)
    const lacking: WantedSeries[] = []
    const seriesOf = (source: Measurement | undefined, condition: Expr | undefined): number => {
      if (source === undefined) return 1
      const wanted = toWanted(source, condition)
      if (!known.isFresh(wanted)) lacking.push(wanted)
      return known.countOf(wanted) ?? 1
    }
    const cost = priceOf(statements, { nowNs, seriesOf: (source, _, all) => seriesOf(source, all) })
    if (cost >= worthCounting) known.want(lacking)
    return cost
  }

  #of(tenant: string): TenantSeries {
    const found = this.#byTenant.get(tenant)
    if (found !== undefined) return found
    for (const [other, { isForgotten }] of this.#byTenant)
      if (isForgotten) this.#byTenant.delete(other)
    const made = new TenantSeries({
      ask: (statement) => this.#ask(tenant, statement),
      now: this.#now,
      inTurn: this.#inTurn,
    })
    this.#byTenant.set(tenant, made)
    return made
  }
}

/** Shows how many counts prices wait for. */
export function measureSeriesCounts(counts: SeriesCounts, registry: Registry): SeriesCounts {
  new Gauge({
    name: 'warren_api_series_counts_waiting',
    help: 'Counts of series that the prices of later queries wait for',
    registers: [registry],
    collect() {
      this.set(counts.waiting)
    },
  })
  return counts
}
