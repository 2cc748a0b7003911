import { counter } from '@warren/platform/metrics'
import type { Registry } from 'prom-client'
import type { IngestLimitsOptions } from './ingest-limits.ts'

/** Tenants with a label of their own; those that come later share one. */
const maxLabels = 1_000
const others = '-'

/** Counts what was above a tenant's limit. */
export function createLimitsTelemetry(registry: Registry): IngestLimitsOptions['count'] {
  const limited = counter(registry, {
    name: 'warren_collector_limited_total',
    help: "Requests refused, datagrams dropped and waits of connections for a tenant's limit",
    labels: ['tenant', 'limit', 'effect'],
  })
  const labelled = new Set<string>()
  const labelOf = (tenant: string): string => {
    if (labelled.size < maxLabels) labelled.add(tenant)
    return labelled.has(tenant) ? tenant : others
  }
  return (tenant, limit, effect) => limited.inc({ tenant: labelOf(tenant), limit, effect })
}
