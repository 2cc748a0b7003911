import { createHash } from 'node:crypto'
import type { Role } from '@warren/contracts/http/sessions'
import type { StoredToken, Tokens } from '@warren/stores/catalog/catalog'
import { expect, test } from 'vitest'
import { createTokenAuthenticate } from './token-authenticate.ts'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')

/** Tokens in memory, by the hash that the catalog would look up. */
function tokensOf(known: Record<string, Role>): Tokens & { asked: number } {
  const byHash = new Map(
    Object.entries(known).map(([secret, role]) => [sha(secret), { secret, role }]),
  )
  return {
    asked: 0,
    async findBySecret(hash): Promise<StoredToken | undefined> {
      this.asked += 1
      const found = byHash.get(Buffer.from(hash).toString('hex'))
      if (found === undefined) return undefined
      return {
        ...{ id: 'i', secretHash: hash, name: found.secret, role: found.role, tenant: 'shop' },
        isAlerting: false,
        deployments: undefined,
        ...{ createdAt: new Date(0), expiresAt: new Date(1), lastUsedAt: null },
      }
    },
    create: () => Promise.reject(new Error('BUG: not called')),
    list: () => Promise.reject(new Error('BUG: not called')),
    remove: () => Promise.reject(new Error('BUG: not called')),
    touch: () => Promise.reject(new Error('BUG: not called')),
  }
}

test('lets those write who may, as a token or as a password', async () => {
  const tokens = tokensOf({ w: 'writer', v: 'viewer', m: 'manager', e: 'editor' })
  const authenticate = createTokenAuthenticate({ tokens }, () => 0)
  expect(await authenticate({ user: undefined, secret: 'w' })).toEqual({
    tenant: 'shop',
    name: 'w',
  })
  expect(await authenticate({ user: 'any', secret: 'm' })).toMatchObject({ tenant: 'shop' })
  expect(await authenticate({ user: undefined, secret: 'e' })).toBeUndefined()
  expect(await authenticate({ user: undefined, secret: 'v' })).toBeUndefined()
  expect(await authenticate({ user: undefined, secret: 'x' })).toBeUndefined()
})

test('asks the catalog once in five seconds for one token', async () => {
  const tokens = tokensOf({ w: 'writer' })
  let now = 0
  const authenticate = createTokenAuthenticate({ tokens }, () => now)
  for (const at of [0, 1_000, 4_999, 5_000, 5_001]) {
    now = at
    await authenticate({ user: undefined, secret: 'w' })
  }
  expect(tokens.asked).toBe(2)
})
