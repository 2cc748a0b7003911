import type { Catalog } from '@warren/stores/catalog/catalog'
import { Refusal } from '../http/refusal.ts'
import type { Principal } from './principal.ts'

/** The caller's tenant, or the one that is wished for: another one only for an admin, and only one that exists. */
export async function allowedTenant(
  { tenants }: Pick<Catalog, 'tenants'>,
  principal: Principal,
  wished: string | undefined,
): Promise<string> {
  if (wished === undefined || wished === principal.tenant) return principal.tenant
  if (principal.role !== 'admin')
    throw new Refusal('forbidden', `${principal.name} belongs to the tenant ${principal.tenant}`)
  if (!(await tenants.has(wished))) throw new Refusal('not_found', `there is no tenant ${wished}`)
  return wished
}
