import { type Session, sessionSchema, signInSchema } from '@warren/contracts/http/sessions'
import type { Catalog } from '@warren/stores/catalog/catalog'
import type { Identities } from '../auth/identities.ts'
import { atLeast, type Principal } from '../auth/principal.ts'
import { hashOf, newSecret } from '../auth/secrets.ts'
import { clearSessionCookie, readSessionCookie, setSessionCookie } from '../auth/session-cookie.ts'
import type { CheckPassword } from '../auth/sign-in.ts'
import { defineRoute, type Route } from '../http/route.ts'

export interface SessionRouteOptions {
  readonly catalog: Catalog
  readonly identities: Identities
  readonly checkPassword: CheckPassword
  readonly sessionHours: number
}

const toSession = (
  { name, role, tenant, deployments }: Pick<Principal, 'name' | 'role' | 'tenant' | 'deployments'>,
  expiresAt: Date,
): Session => ({
  user: name,
  role,
  tenant,
  ...(deployments === undefined ? {} : { deployments: [...deployments] }),
  expiresAt: expiresAt.toISOString(),
})

const path = '/api/v1/sessions'
const tag = 'Sessions'

function signIn({ catalog, checkPassword, sessionHours }: SessionRouteOptions): Route {
  return defineRoute({
    method: 'post',
    path,
    tag,
    summary: 'Sign in with a password; sets the session cookie',
    roles: 'anyone',
    body: signInSchema,
    success: { status: 201, schema: sessionSchema },
    answer: async ({ body, request, response }) => {
      const user = await checkPassword({ ...body, ip: request.ip ?? 'unknown' })
      const secret = newSecret()
      const expiresAt = new Date(Date.now() + sessionHours * 3_600_000)
      await catalog.sessions.create({ secretHash: hashOf(secret), user: user.name, expiresAt })
      setSessionCookie(response, secret, expiresAt)
      return { status: 201, json: toSession({ ...user, deployments: undefined }, expiresAt) }
    },
  })
}

/** Passwords and tokens have a session too: what the request is, until when. */
const current = defineRoute({
  method: 'get',
  path: `${path}/current`,
  tag,
  summary: 'Who this request is',
  roles: atLeast('viewer'),
  // It tells of the caller alone.
  limitsToGrants: true,
  success: { status: 200, schema: sessionSchema },
  answer: async ({ principal }) => ({
    status: 200,
    json: toSession(principal, principal.expiresAt ?? new Date(Date.now() + 60_000)),
  }),
})

function signOut({ catalog, identities }: SessionRouteOptions): Route {
  return defineRoute({
    method: 'delete',
    path: `${path}/current`,
    tag,
    summary: 'Sign out',
    roles: atLeast('viewer'),
    success: { status: 204 },
    answer: async ({ request, response }) => {
      const secret = readSessionCookie(request)
      if (secret !== undefined) {
        identities.forgetSession(secret)
        await catalog.sessions.remove(hashOf(secret))
        identities.distrust()
      }
      clearSessionCookie(response)
      return { status: 204 }
    },
  })
}

export const sessionRoutes = (options: SessionRouteOptions): readonly Route[] => [
  signIn(options),
  current,
  signOut(options),
]
