import { Counter, type Registry } from 'prom-client'
import type { SharedOutcome } from '../../redis/shared-bytes.ts'

/** Counts looks into what instances share, and what they put there. */
export function countShared(registry: Registry): (outcome: SharedOutcome) => void {
  const outcomes = new Counter({
    name: 'warren_api_shared_cache_total',
    help: 'Looks for kept buckets in Redis and writes of them, by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
  })
  return (outcome) => outcomes.inc({ outcome })
}
