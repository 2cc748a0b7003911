import type { CookieOptions, Request, Response } from 'express'

/** `__Host-` binds a cookie to this host and to https; browsers refuse it over http, where a loopback start needs a plain name. */
const nameOf = (request: Request): string =>
  request.secure ? '__Host-warren_session' : 'warren_session'

const optionsOf = (request: Request): CookieOptions => ({
  httpOnly: true,
  sameSite: 'lax',
  secure: request.secure,
  path: '/',
})

/** The session secret that the request's cookie holds. */
export function readSessionCookie(request: Request): string | undefined {
  const name = nameOf(request)
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name && value !== undefined && value !== '') return value
  }
  return undefined
}

export function setSessionCookie(response: Response, secret: string, expiresAt: Date): void {
  response.cookie(nameOf(response.req), secret, { ...optionsOf(response.req), expires: expiresAt })
}

export function clearSessionCookie(response: Response): void {
  response.clearCookie(nameOf(response.req), optionsOf(response.req))
}
