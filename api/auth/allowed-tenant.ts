import type { Catalog } from '@warren/stores/catalog/catalog'
import { Refusal } from '../http/refusal.ts'
import type { Principal } from './principal.ts'

/** The caller's tenant, or the one that is wished for: another one only for an admin. Whether there is such a tenant is not asked. */
export function ownTenantOr(principal: Principal, wished: string | undefined): string {
  const tenant = wished ?? principal.tenant
  if (tenant === principal.tenant || principal.role === 'admin') return tenant
  throw new Refusal('forbidden', `${principal.name} belongs to the tenant ${principal.tenant}`)
}

/** The same, and only one that exists. */
export async function allowedTenant(
  { tenants }: Pick<Catalog, 'tenants'>,
  principal: Principal,
  wished: string | undefined,
): Promise<string> {
  const tenant = ownTenantOr(principal, wished)
  if (tenant === principal.tenant || (await tenants.has(tenant))) return tenant
  throw new Refusal('not_found', `there is no tenant ${tenant}`)
}
