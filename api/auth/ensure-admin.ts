import { defaultTenant } from '@warren/contracts/names'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { hashPassword, verifyPassword } from './password.ts'

export interface EnsureAdminOptions {
  readonly catalog: Pick<Catalog, 'users' | 'tenants' | 'sessions'>
  readonly password: string
}

/** Makes the tenant `default` and the user `admin` with this password. A changed password ends the user's sessions; an unchanged one changes nothing. */
export async function ensureAdmin({ catalog, password }: EnsureAdminOptions): Promise<void> {
  const { users, tenants, sessions } = catalog
  await tenants.ensure(defaultTenant)
  const known = await users.find('admin')
  if (known !== undefined && (await verifyPassword(known.passwordHash, password))) return
  const passwordHash = await hashPassword(password)
  await users.put({ name: 'admin', passwordHash, role: 'admin', tenant: defaultTenant })
  await sessions.removeOf('admin')
}
