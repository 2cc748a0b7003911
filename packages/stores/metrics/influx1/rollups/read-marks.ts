import type { ResultSeries } from '@warren/influxql/answers/result'
import type { RollupName } from '@warren/influxql/rollup-policy'
import { rollupPolicies } from '../../../rollup-policies.ts'
import { rowsOf } from './ask-one.ts'

/** What a tenant's rollups lack. */
export interface StaleTenant {
  readonly tenant: string
  /** By policy: windows, counted from the epoch, and when a point came for each, ms since the epoch. */
  readonly windows: ReadonlyMap<RollupName, ReadonlyMap<number, number>>
  /** Of the marks of these windows. */
  readonly generations: ReadonlySet<string>
  /** When they were read, by `performance.now()`. */
  readonly readAtMs: number
}

class FoundTenant implements StaleTenant {
  readonly tenant: string
  readonly windows = new Map<RollupName, Map<number, number>>()
  readonly generations = new Set<string>()
  readonly readAtMs = performance.now()

  constructor(tenant: string) {
    this.tenant = tenant
  }

  add(policy: RollupName, window: number, since: number): void {
    const windows = this.windows.get(policy) ?? new Map<number, number>()
    this.windows.set(policy, windows.set(window, Math.min(since, windows.get(window) ?? since)))
  }
}

/** Marks as InfluxDB answers them: a series a policy, tenant and generation. */
export function readMarks(
  all: readonly ResultSeries[],
  isOver: (window: number, width: number) => boolean,
): readonly StaleTenant[] {
  const found = new Map<string, FoundTenant>()
  for (const { name, tags, values } of all) {
    const policy = rollupPolicies.find((each) => each.name === name)
    const tenant = tags?.['tenant']
    if (policy === undefined || tenant === undefined) continue
    const each = found.get(tenant) ?? new FoundTenant(tenant)
    found.set(tenant, each)
    each.generations.add(tags?.['of'] ?? '')
    for (const [window, since] of rowsOf(values))
      if (isOver(window, policy.width)) each.add(policy.name, window, since)
  }
  return [...found.values()].filter(({ windows }) => windows.size > 0)
}
