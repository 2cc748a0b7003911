import express, { type RequestHandler, type Router } from 'express'
import type { Authenticate } from '../auth/authenticate.ts'
import type { Principal } from '../auth/principal.ts'
import { Refusal } from './refusal.ts'
import type { Audience, Route } from './route.ts'
import { parseBody, parseQuery } from './validate.ts'

const maxBodyBytes = 64 * 1024

/** Who may go on. Throws a `Refusal`. */
async function admit(
  roles: Audience,
  identify: () => Promise<Principal>,
): Promise<Principal | undefined> {
  if (roles === 'anyone') return undefined
  if (roles === 'known')
    return identify().catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'unavailable') return undefined
      throw error
    })
  const principal = await identify()
  if (!roles.includes(principal.role))
    throw new Refusal(
      'forbidden',
      `this needs the role ${roles.join(' or ')}; ${principal.name} is ${principal.role}`,
    )
  return principal
}

function toHandler(route: Route, authenticate: Authenticate): RequestHandler {
  return async (request, response) => {
    const principal = await admit(route.roles, () => authenticate(request))
    const call = {
      principal,
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

/** One handler a route; a path of the table asked with another method is `method_not_allowed`. */
export function mountRoutes(
  router: Router,
  routes: readonly Route[],
  authenticate: Authenticate,
): void {
  const readJson = express.json({ limit: maxBodyBytes, strict: true })
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path)
    for (const route of here) {
      const mark: RequestHandler = (_, response, next) => {
        response.locals['route'] = path
        next()
      }
      const handlers = [mark, ...(route.body === undefined ? [] : [readJson])]
      router[route.method](path, ...handlers, toHandler(route, authenticate))
    }
    const allow = here.map(({ method }) => method.toUpperCase()).join(', ')
    router.all(path, (_, response) => {
      response.set('Allow', allow)
      throw new Refusal('method_not_allowed', `this path takes ${allow}`)
    })
  }
}
