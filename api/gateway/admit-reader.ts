import type { Request } from 'express'
import type { Authenticate } from '../auth/authenticate.ts'
import { atLeast, type Principal } from '../auth/principal.ts'
import { Refusal } from '../http/refusal.ts'

const readers = atLeast('viewer')

/** Whose data the request may read: the data of its credential's tenant. Throws a `Refusal`. */
export async function admitReader(
  authenticate: Authenticate,
  request: Request,
): Promise<Principal> {
  const principal = await authenticate(request)
  if (!readers.includes(principal.role))
    throw new Refusal('forbidden', `${principal.name} may only send data (role ${principal.role})`)
  return principal
}
