import { Counter, type Registry } from 'prom-client'
import { Refusal } from '../../http/refusal.ts'
import type { Asker } from '../asker.ts'
import type { StoreName } from '../schedule/schedule-metrics.ts'
import type { CountedWindow } from './counted-window.ts'
import type { Counters } from './counters.ts'
import type { LiveLimits, TenantLimits } from './live-limits.ts'
import { isOver, type Standing, secondsToWait } from './standing.ts'
import { CountedUsers, windowsOf } from './windows.ts'

export interface QueryLimiter {
  /** Counts a query that has been read, before anybody answers it, and notes how it stands in the trail. One that is refused counts nowhere. Throws a `Refusal`: a rule blocks it, it costs too much, or a limit is used up. */
  charge(asker: Asker, store: StoreName): Promise<void>
  /** Gives back what was charged and nobody asked a store for. */
  giveBack(asker: Asker, cost: number): void
}

export interface QueryLimiterOptions {
  readonly limits: Pick<LiveLimits, 'of'>
  readonly counters: Counters
  readonly registry: Registry
}

const short = (value: number): string => Math.ceil(value).toLocaleString('en')

function refuseBlocked({ isBlocked }: TenantLimits, asker: Asker): void {
  const rule = isBlocked(asker, asker.trail.text)
  if (rule === undefined) return
  const why = rule.reason === undefined ? '' : `: ${rule.reason}`
  throw new Refusal('forbidden', `the rule ${rule.name} of the limits blocks this query${why}`)
}

export const tooCostly = (cost: number, maxCost: number): Refusal =>
  new Refusal(
    'too_costly',
    `the query costs about ${short(cost)} units, and the limit maxCost is ${short(maxCost)}; ask for a shorter range, a longer interval, fewer series or fewer functions`,
  )

function refuseDear({ maxCost }: TenantLimits, cost: number): void {
  if (cost > maxCost) throw tooCostly(cost, maxCost)
}

function usedUp(standing: Standing): Refusal {
  const { scope, unit, most, window } = standing
  const whose = {
    ...{ tenant: 'the tenant', user: 'this user', token: 'this token' },
    ...{ metrics: 'the tenant’s metrics', logs: 'the tenant’s logs' },
  }[scope]
  const what = unit === 'cost' ? 'units of cost' : 'queries'
  const wait = secondsToWait(standing)
  return new Refusal(
    'too_many_requests',
    `the limit of ${whose} is used up: ${short(most)} ${what} in ${window.seconds} s; retry in ${wait} s`,
    { retryAfterS: wait },
  )
}

export function createQueryLimiter({
  limits,
  counters,
  registry,
}: QueryLimiterOptions): QueryLimiter {
  const users = new CountedUsers()
  const refused = new Counter({
    name: 'warren_api_queries_limited_total',
    help: 'Queries refused by a limit, by its scope and unit',
    labelNames: ['limit'],
    registers: [registry],
  })
  const charged = new WeakMap<Asker['trail'], readonly CountedWindow[]>()

  const amountOf = ({ unit }: CountedWindow, cost: number): number =>
    unit === 'cost' ? Math.ceil(cost) : 1

  async function count(counted: CountedWindow, cost: number): Promise<Standing> {
    const amount = amountOf(counted, cost)
    const { used, resetMs, parts } = await counters.add(counted.key, amount)
    return { ...counted, used, resetMs, most: Math.ceil(counted.window.most / parts) }
  }

  /** Tells the metrics why. */
  function refuse(limit: string, check: () => void): void {
    try {
      check()
    } catch (error) {
      refused.inc({ limit })
      throw error
    }
  }

  return {
    charge: async (asker, store) => {
      const { trail, tenant } = asker
      const own = limits.of(tenant)
      refuse('blocked', () => refuseBlocked(own, asker))
      refuse('max cost', () => refuseDear(own, trail.cost))
      const windows = windowsOf(asker, { store, limits: own, users })
      trail.standings = await Promise.all(windows.map((each) => count(each, trail.cost)))
      const over = trail.standings.filter(isOver)
      const longest = over.toSorted((a, b) => b.resetMs - a.resetMs)[0]
      if (longest === undefined) {
        charged.set(trail, windows)
        return
      }
      // Nobody is answered: one whose own limit is used up must not use up that of its tenant, and with it everybody's.
      await Promise.all(
        windows.map((each) => counters.giveBack(each.key, amountOf(each, trail.cost))),
      )
      refuse(`${longest.scope} ${longest.unit}`, () => {
        throw usedUp(longest)
      })
    },
    giveBack: ({ trail }, cost) => {
      const amount = Math.floor(cost)
      if (amount <= 0) return
      for (const { unit, key } of charged.get(trail) ?? [])
        if (unit === 'cost') void counters.giveBack(key, amount)
    },
  }
}
