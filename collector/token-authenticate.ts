import { createHash } from 'node:crypto'
import type { Role } from '@warren/contracts/http/sessions'
import type { Catalog } from '@warren/stores/catalog/catalog'
import type { Authenticate, Sender } from './credentials.ts'

/** Roles that may send data: the same as behind the api. */
const writers: ReadonlySet<Role> = new Set<Role>(['writer', 'manager', 'admin'])

interface Cached {
  readonly sender: Sender | undefined
  readonly untilMs: number
}

/** How long a revoked token still works here, and a new one that was tried too early does not. */
const cacheMs = 5_000
const maxCached = 10_000

/** Knows senders by the tokens of the catalog, given as a token or as the password of any name. */
export function createTokenAuthenticate(
  { tokens }: Pick<Catalog, 'tokens'>,
  now: () => number = Date.now,
): Authenticate {
  /** By the hash of the secret: secrets are not kept. */
  const cache = new Map<string, Cached>()

  return async ({ secret }) => {
    const hash = createHash('sha256').update(secret).digest()
    const key = hash.toString('base64')
    const cached = cache.get(key)
    if (cached !== undefined && cached.untilMs > now()) return cached.sender
    const token = await tokens.findBySecret(hash)
    const sender =
      token !== undefined && writers.has(token.role)
        ? { tenant: token.tenant, name: token.name }
        : undefined
    if (cache.size >= maxCached) cache.clear()
    cache.set(key, { sender, untilMs: now() + cacheMs })
    return sender
  }
}
