import type { MetricStore } from '@warren/stores/metrics/metric-store'
import type { AskStore } from '../ask-store.ts'
import { newTrail } from '../trail.ts'
import type { AskForTenant } from './cost/series-counts.ts'
import { fromStore } from './from-store.ts'

const deadlineMs = 10_000

/** The gateway's own questions about a tenant's data: they take turns as the tenant's own do, and nobody waits for them. */
export function askForTenant(metricStore: MetricStore, askStore: AskStore): AskForTenant {
  const ask = fromStore(metricStore, askStore)
  return async (tenant, statement) => {
    const asker = {
      ...{ tenant, deployments: undefined, credential: 'warren', requestId: '' },
      ...{ isAlert: false, wantsFresh: true, trail: newTrail() },
      signal: AbortSignal.timeout(deadlineMs),
    }
    const nowNs = BigInt(Date.now()) * 1_000_000n
    const answer = await ask({ statements: [statement], epoch: 'ms', nowNs }, asker)
    const [result] = await answer.read(undefined)
    return result ?? { statement_id: 0 }
  }
}
