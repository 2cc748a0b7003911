import type { Request } from 'express'
import type { Authenticate } from '../auth/authenticate.ts'
import { atLeast, type Principal } from '../auth/principal.ts'
import { Refusal } from '../http/refusal.ts'

const readers = atLeast('viewer')

/** Who may read the data of its tenant. Throws a `Refusal`. */
export function requireReader(principal: Principal): Principal {
  if (!readers.includes(principal.role))
    throw new Refusal('forbidden', `${principal.name} may only send data (role ${principal.role})`)
  return principal
}

/** Whose data the request may read: the data of its credential's tenant. Throws a `Refusal`. */
export const admitReader = async (
  authenticate: Authenticate,
  request: Request,
): Promise<Principal> => requireReader(await authenticate(request))
