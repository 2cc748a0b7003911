import { Refusal } from '../http/refusal.ts'
import type { Principal } from './principal.ts'

/** For what cannot be limited to the grants of its caller. `what`, as `Flux`, begins the text. Throws a `Refusal`. */
export function refuseGrants(
  { name, deployments }: Pick<Principal, 'name' | 'deployments'>,
  what: string,
): void {
  if (deployments === undefined) return
  const grants = deployments.join(', ')
  throw new Refusal(
    'forbidden',
    `${what} cannot be limited to deployments, and ${name} is: it may read metrics and logs of ${grants}`,
  )
}
