import { reasonOf, WarrenError } from '@warren/platform/errors'
import type { Request } from 'express'
import { Refusal } from '../http/refusal.ts'
import { type Credential, parseAuthorization } from './credential.ts'
import type { Identities } from './identities.ts'
import type { Principal } from './principal.ts'
import { isOwnRequest } from './same-site.ts'
import { readSessionCookie } from './session-cookie.ts'

/** Who sends this request. Throws a `Refusal`: `unauthenticated`, `cross_site`, `too_many_requests`, or `unavailable` while the catalog is away. */
export type Authenticate = (request: Request) => Promise<Principal>

const unavailable = (error: unknown): unknown =>
  error instanceof WarrenError && error.disposition === 'retry'
    ? new Refusal('unavailable', `the catalog cannot be asked who you are: ${reasonOf(error)}`, {
        retryAfterS: 5,
        cause: error,
      })
    : error

const unreadable = (): Refusal =>
  new Refusal(
    'unauthenticated',
    'Authorization is read as: Bearer TOKEN, Token TOKEN, or Basic with a password or a token',
  )

const unknown = (given: boolean): Refusal =>
  new Refusal(
    'unauthenticated',
    given
      ? 'this token or session is unknown, ended or expired'
      : 'no credential: send a token or sign in',
  )

/** Whose a token is. Throws as `Authenticate` does. */
export type AuthenticateToken = (secret: string) => Promise<Principal>

export function createTokenAuthenticate(identities: Identities): AuthenticateToken {
  return async (secret) => {
    const principal = await identities.ofToken(secret).catch((error: unknown) => {
      throw unavailable(error)
    })
    if (principal === undefined) throw unknown(true)
    return principal
  }
}

export function createAuthenticate(identities: Identities): Authenticate {
  async function fromCredential(credential: Credential, ip: string) {
    if (credential.kind === 'unreadable') throw unreadable()
    if (credential.kind === 'token') return identities.ofToken(credential.secret)
    const { user, password } = credential
    return identities.ofPassword({ user, password, ip })
  }

  async function fromCookie(request: Request, secret: string): Promise<Principal | undefined> {
    if (!isOwnRequest(request))
      throw new Refusal('cross_site', 'a change made with a session cookie came from another site')
    return identities.ofSession(secret)
  }

  /** A header wins over the cookie. */
  async function find(request: Request): Promise<Principal | undefined> {
    const credential = parseAuthorization(request.headers.authorization)
    if (credential !== undefined) return fromCredential(credential, request.ip ?? 'unknown')
    const secret = readSessionCookie(request)
    if (secret === undefined) throw unknown(false)
    return fromCookie(request, secret)
  }

  return async (request) => {
    const principal = await find(request).catch((error: unknown) => {
      throw unavailable(error)
    })
    if (principal === undefined) throw unknown(true)
    return principal
  }
}
