import type { RequestHandler } from 'express'

/** Names the route for the request counters: the pattern, not the path, so that labels are bounded. */
export function markRoute(name: string): RequestHandler {
  return (_, response, next) => {
    response.locals['route'] = name
    next()
  }
}
