import type { Request } from 'express'
import { Refusal } from './refusal.ts'

/** The parameters of the address, which may name a host as well (RFC 9112 §3.2.2). Throws a `Refusal` for one that is none. */
export function searchParamsOf({ originalUrl }: Pick<Request, 'originalUrl'>): URLSearchParams {
  if (!URL.canParse(originalUrl, 'http://local'))
    throw new Refusal('bad_request', 'the address of the request cannot be read')
  return new URL(originalUrl, 'http://local').searchParams
}
