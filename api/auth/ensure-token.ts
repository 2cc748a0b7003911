import { defaultTenant } from '@warren/contracts/names'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { hashOf } from './secrets.ts'

export interface EnsureTokenOptions {
  readonly catalog: Pick<Catalog, 'tenants' | 'tokens'>
  readonly name: string
  readonly secret: string
}

const yearMs = 365 * 86_400_000
const validYears = 10

/** Makes the viewer token of tenant `default` that has this secret, or leaves it as it is; the one of the same name with another secret ends. Renewed in its last year. */
export async function ensureToken({ catalog, name, secret }: EnsureTokenOptions): Promise<void> {
  const { tenants, tokens } = catalog
  await tenants.ensure(defaultTenant)
  // Not random, so that a token that somebody made under this name is another one.
  const id = `setting-${name}`
  const secretHash = hashOf(secret)
  const now = Date.now()
  const isDone = async () => {
    const known = await tokens.findBySecret(secretHash)
    return known?.id === id && known.expiresAt.getTime() > now + yearMs
  }
  if (await isDone()) return
  await tokens.remove(defaultTenant, id)
  try {
    await tokens.create({
      id,
      secretHash,
      name,
      role: 'viewer',
      tenant: defaultTenant,
      isAlerting: false,
      deployments: undefined,
      createdAt: new Date(now),
      expiresAt: new Date(now + validYears * yearMs),
      lastUsedAt: null,
    })
  } catch (error) {
    // Another api that starts at this moment may have made it.
    if (!(await isDone())) throw error
  }
}
