import { type DeadLetterWish, everyTenant } from '@warren/contracts/http/dead-letters'
import type { DeadLetterFilter } from '@warren/stores/catalog/dead-letter-store'
import { ownTenantOr } from '../auth/allowed-tenant.ts'
import type { Principal } from '../auth/principal.ts'
import { Refusal } from '../http/refusal.ts'

/** Undefined: of every tenant. Only an admin reaches another tenant's, and those that belong to none. */
export function letterTenantOf(
  principal: Principal,
  wished: string | undefined,
): string | undefined {
  const tenant = ownTenantOr(principal, wished)
  return tenant === everyTenant ? undefined : tenant
}

/** Of a letter, whose id is its tenant's own. */
export function oneTenantOf(principal: Principal, wished: string | undefined): string {
  const tenant = letterTenantOf(principal, wished)
  if (tenant === undefined)
    throw new Refusal('invalid', '?tenant: name the tenant that the letter belongs to')
  return tenant
}

export const letterFilterOf = (
  principal: Principal,
  { tenant, ...rest }: DeadLetterWish,
): DeadLetterFilter => ({ ...rest, tenant: letterTenantOf(principal, tenant) })
