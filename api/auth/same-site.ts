import type { Request } from 'express'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

function isSameOrigin(request: Request): boolean {
  const site = request.get('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin'
  const origin = request.get('origin')
  if (origin === undefined) return false
  return URL.canParse(origin) && new URL(origin).host === request.host
}

/** A change made with a cookie must come from our own pages: the browser says so (`Sec-Fetch-Site`, else `Origin`), or the request
 *  carries `X-Warren-Console`, which another site cannot add without a preflight that we never grant. */
export const isOwnRequest = (request: Request): boolean =>
  safeMethods.has(request.method) ||
  request.get('x-warren-console') !== undefined ||
  isSameOrigin(request)
