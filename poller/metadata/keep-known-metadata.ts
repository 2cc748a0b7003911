import type { MetricMetadata } from '@warren/contracts/metric-metadata'
import type { MetricMetadataStore, Tenants } from '@warren/stores/catalog/catalog'
import { isAny } from '../rules/glob.ts'
import type { Rules } from '../rules/schema.ts'
import { builtInMetadata } from './built-in.ts'

export interface KnownMetadataOptions {
  readonly store: Pick<MetricMetadataStore, 'replace'>
  readonly tenants: Pick<Tenants, 'list'>
  readonly rules: () => Rules
  readonly lookMs?: number
}

const defaultLookMs = 5000

const ofTenant = ({ metadata }: Rules, tenant: string): readonly MetricMetadata[] =>
  metadata.filter(({ tenants }) => isAny(tenants, tenant)).map(({ tenants: _, ...entry }) => entry)

/** Keeps in the catalog what the rules and the built-in table say of fields, for every tenant: at the start, when the rules change and when a tenant is made.
 *  What was not written is written at the next look. */
export function keepKnownMetadata({ lookMs = defaultLookMs, ...options }: KnownMetadataOptions) {
  const { store, tenants, rules } = options
  const written = new Map<string, Rules>()
  const look = async () => {
    const now = rules()
    for (const tenant of await tenants.list()) {
      const before = written.get(tenant)
      if (before === now) continue
      if (before === undefined) await store.replace(tenant, 'builtIn', builtInMetadata)
      await store.replace(tenant, 'rules', ofTenant(now, tenant))
      written.set(tenant, now)
    }
  }
  // Whoever watches the catalog shows why.
  const tryLook = () => look().catch(() => undefined)
  let last = tryLook()
  const timer = setInterval(() => {
    last = last.then(tryLook)
  }, lookMs)
  return {
    close: async () => {
      clearInterval(timer)
      await last
    },
  }
}
