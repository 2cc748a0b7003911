import type { Origin } from '../origin.ts'
import { isAny } from './glob.ts'

/** For whom a message is read: what rules are chosen by before any item is looked at. */
export type Sender = Pick<Origin, 'tenant' | 'deployment'>

interface ForSenders {
  readonly tenants?: readonly string[] | undefined
  readonly deployments?: readonly string[] | undefined
}

/** A rule for deployments is not for what belongs to none. */
export function isFor(
  { tenants, deployments }: ForSenders,
  { tenant, deployment }: Sender,
): boolean {
  if (!isAny(tenants, tenant)) return false
  return deployments === undefined || (deployment !== undefined && isAny(deployments, deployment))
}
