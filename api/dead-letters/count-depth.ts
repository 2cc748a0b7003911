import type { DeadLetters } from '@warren/stores/catalog/dead-letter-store'
import { Gauge, type Registry } from 'prom-client'

/** Kinds that are shown, those with the most letters: a tenant has 22 at most, but there may be many tenants. */
const maxKinds = 500

const labelNames = ['tenant', 'stream', 'code'] as const

/** Shows how many dead letters there are, as they are when asked. While the catalog is away there is no sample. */
export function countDepth(registry: Registry, deadLetters: Pick<DeadLetters, 'depths'>): void {
  const show = (name: string, help: string, part: 'letters' | 'bytes') => {
    const gauge: Gauge = new Gauge({
      ...{ name, help, labelNames, registers: [registry] },
      async collect() {
        const depths = await deadLetters.depths(maxKinds).catch(() => [])
        gauge.reset()
        for (const { tenant, stream, code, ...depth } of depths)
          gauge.set({ tenant, stream, code }, depth[part])
      },
    })
  }
  show('warren_api_dead_letters', `Dead letters now, of the ${maxKinds} largest kinds`, 'letters')
  show('warren_api_dead_letter_bytes', 'Bytes of their items', 'bytes')
}
