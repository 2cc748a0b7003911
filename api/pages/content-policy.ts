import { randomBytes } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'

const nonceOf = (response: unknown): string => cspNonceOf(response as Response)

/** The nonce of the `<style>` elements that this answer's page may make. */
export function cspNonceOf(response: Response): string {
  response.locals['cspNonce'] ??= randomBytes(16).toString('base64')
  return String(response.locals['cspNonce'])
}

const directives = {
  defaultSrc: ["'self'"],
  baseUri: ["'self'"],
  connectSrc: ["'self'"],
  fontSrc: ["'self'", 'data:'],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  objectSrc: ["'none'"],
  scriptSrc: ["'self'"],
  scriptSrcAttr: ["'none'"],
  workerSrc: ["'self'", 'blob:'],
}

const others = {
  // A plain http start on loopback must stay reachable; who ends TLS sets it there.
  strictTransportSecurity: false,
  referrerPolicy: { policy: 'same-origin' },
} as const

/** Nothing from elsewhere, no inline script; inline style elements only with the answer's nonce. */
export const strictPolicy = (): RequestHandler =>
  helmet({
    ...others,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        ...directives,
        styleSrc: ["'self'", (_, response) => `'nonce-${nonceOf(response)}'`],
        styleSrcAttr: ["'unsafe-inline'"],
      },
    },
  })

/** As the strict one, but for the API reference page, which makes style elements without a nonce. */
export const documentationPolicy = (): RequestHandler =>
  helmet({
    ...others,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { ...directives, styleSrc: ["'self'", "'unsafe-inline'"] },
    },
  })
