import type { Request } from 'express'
import type { Authenticate } from '../auth/authenticate.ts'
import { atLeast, type Principal } from '../auth/principal.ts'
import { refuseGrants } from '../auth/refuse-grants.ts'
import { Refusal } from '../http/refusal.ts'

const readers = atLeast('viewer')

/** Who may read the data of its tenant or, where it has grants, of them those of the deployments granted: what answers keeps to `deployments`. Throws a `Refusal`. */
export function requireLimitedReader(principal: Principal): Principal {
  if (!readers.includes(principal.role))
    throw new Refusal('forbidden', `${principal.name} may only send data (role ${principal.role})`)
  return principal
}

/** Whose data the request may read: as `requireLimitedReader`. Throws a `Refusal`. */
export const admitLimitedReader = async (
  authenticate: Authenticate,
  request: Request,
): Promise<Principal> => requireLimitedReader(await authenticate(request))

/** Whose data the request may read: the data of its credential's tenant, all of them. `what`, as `Flux`, cannot be limited. Throws a `Refusal`. */
export async function admitReader(
  authenticate: Authenticate,
  request: Request,
  what: string,
): Promise<Principal> {
  const principal = await admitLimitedReader(authenticate, request)
  refuseGrants(principal, what)
  return principal
}
