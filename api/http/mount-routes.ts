import express, { type Request, type RequestHandler, type Router } from 'express'
import type { Authenticate } from '../auth/authenticate.ts'
import type { Principal } from '../auth/principal.ts'
import { refuseGrants } from '../auth/refuse-grants.ts'
import { markRoute } from './mark-route.ts'
import { Refusal } from './refusal.ts'
import type { Route } from './route.ts'
import { parseBody, parseQuery } from './validate.ts'

/** Unless a route says otherwise. */
const maxBodyBytes = 64 * 1024

/** Who may go on. Throws a `Refusal`. */
async function admit(
  { roles, limitsToGrants }: Pick<Route, 'roles' | 'limitsToGrants'>,
  identify: () => Promise<Principal>,
): Promise<Principal | undefined> {
  if (roles === 'anyone') return undefined
  const principal = await (roles === 'known' ? identifyIfPossible(identify) : identify())
  if (principal === undefined) return undefined
  if (roles !== 'known' && !roles.includes(principal.role))
    throw new Refusal(
      'forbidden',
      `this needs the role ${roles.join(' or ')}; ${principal.name} is ${principal.role}`,
    )
  if (limitsToGrants !== true) refuseGrants(principal, 'this')
  return principal
}

/** Undefined while the catalog cannot say who it is. */
const identifyIfPossible = (identify: () => Promise<Principal>): Promise<Principal | undefined> =>
  identify().catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'unavailable') return undefined
    throw error
  })

const principals = new WeakMap<Request, Principal | undefined>()

/** Before the body is read: who may not ask is told so first. */
function toGuard(route: Route, authenticate: Authenticate): RequestHandler {
  return async (request, _, next) => {
    principals.set(request, await admit(route, () => authenticate(request)))
    next()
  }
}

function toHandler(route: Route): RequestHandler {
  return async (request, response) => {
    const call = {
      principal: principals.get(request),
      query: parseQuery(route.query, request),
      body: parseBody(route.body, request),
      params: request.params,
      request,
      response,
    }
    // The table's types are checked where each route is defined; here it is a list of mixed ones.
    const answer = await route.answer(call as never)
    if (answer === undefined) return
    response.status(answer.status).set('Cache-Control', 'no-store')
    if (answer.json === undefined) response.end()
    else response.json(answer.json)
  }
}

function mountPath(router: Router, routes: readonly Route[], authenticate: Authenticate): void {
  const [first] = routes
  if (first === undefined) return
  const { path } = first
  for (const route of routes) {
    const limit = route.maxBodyBytes ?? maxBodyBytes
    const read = route.body === undefined ? [] : [express.json({ limit, strict: true })]
    const guard = toGuard(route, authenticate)
    router[route.method](path, markRoute(path), guard, ...read, toHandler(route))
  }
  const allow = routes.map(({ method }) => method.toUpperCase()).join(', ')
  router.all(path, (_, response) => {
    response.set('Allow', allow)
    throw new Refusal('method_not_allowed', `this path takes ${allow}`)
  })
}

/** One handler a route; a path of the table asked with another method is `method_not_allowed`. */
export function mountRoutes(
  router: Router,
  routes: readonly Route[],
  authenticate: Authenticate,
): void {
  for (const [, samePath] of Map.groupBy(routes, ({ path }) => path))
    mountPath(router, samePath, authenticate)
}
