import { hash, randomBytes } from 'node:crypto'
import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { Catalog, StoredToken } from '@warren/stores/catalog/catalog'
import { createLastKnown } from './last-known.ts'
import type { Principal } from './principal.ts'
import { hashOf } from './secrets.ts'
import type { CheckPassword, PasswordAttempt } from './sign-in.ts'

const touchMs = 60_000

export interface IdentityOptions {
  readonly catalog: Catalog
  readonly checkPassword: CheckPassword
  readonly log: Log
  readonly now?: () => number
}

/** Whose a secret is, by the catalog, or, while it is away, as it said minutes ago. */
export interface Identities {
  ofToken(secret: string): Promise<Principal | undefined>
  ofSession(secret: string): Promise<Principal | undefined>
  ofPassword(attempt: PasswordAttempt): Promise<Principal | undefined>
  /** A session that was ended here is not answered from memory either. */
  forgetSession(secret: string): void
  /** To be called when a credential has been revoked: it ends at once. */
  distrust(): void
}

/** Marks a token as used, at most once a minute a token; a failure is not the request's. */
function createTouch({ catalog, log, now = Date.now }: IdentityOptions) {
  const touched = new Map<string, number>()
  return (token: StoredToken): void => {
    const last = Math.max(touched.get(token.id) ?? 0, token.lastUsedAt?.getTime() ?? 0)
    if (now() - last < touchMs) return
    if (touched.size > 10_000) touched.clear()
    touched.set(token.id, now())
    catalog.tokens.touch(token.id, new Date(now())).catch((error: unknown) => {
      log.warn('cannot mark a token as used', { token: token.id, error: reasonOf(error) })
    })
  }
}

/** What only tokens can be. */
const unlimited = { isAlerting: false, deployments: undefined }

async function findSession(catalog: Catalog, secret: string): Promise<Principal | undefined> {
  const session = await catalog.sessions.find(hashOf(secret))
  const user = session === undefined ? undefined : await catalog.users.find(session.user)
  if (session === undefined || user === undefined) return undefined
  const { name, role, tenant } = user
  return { ...unlimited, kind: 'session', name, role, tenant, expiresAt: session.expiresAt }
}

export function createIdentities(options: IdentityOptions): Identities {
  const { catalog, checkPassword, now = Date.now } = options
  const lastKnown = createLastKnown(now)
  const touch = createTouch(options)
  // Keyed: what memory holds of a password must be of no use elsewhere. Nobody sees these names, so that a hash behind a key does, at a quarter of an HMAC's cost.
  const memoryKey = randomBytes(32).toString('base64')
  const nameOf = (kind: string, secret: string): string =>
    hash('sha256', `${memoryKey} ${kind} ${secret}`, 'base64')

  async function findToken(secret: string): Promise<Principal | undefined> {
    const token = await catalog.tokens.findBySecret(hashOf(secret))
    if (token === undefined) return undefined
    touch(token)
    const { name, role, tenant, isAlerting, deployments, expiresAt } = token
    const own = { role, tenant, isAlerting, deployments, expiresAt }
    return { kind: 'token', name: `token ${name}`, ...own }
  }

  return {
    ofToken: (secret) => lastKnown.resolve(nameOf('token', secret), () => findToken(secret)),
    ofSession: (secret) =>
      lastKnown.resolve(nameOf('session', secret), () => findSession(catalog, secret)),
    ofPassword: (attempt) =>
      lastKnown.resolve(nameOf('password', `${attempt.user}\0${attempt.password}`), async () => {
        const { name, role, tenant } = await checkPassword(attempt)
        return { ...unlimited, kind: 'password', name, role, tenant, expiresAt: undefined }
      }),
    forgetSession: (secret) => lastKnown.forget(nameOf('session', secret)),
    distrust: lastKnown.distrust,
  }
}
