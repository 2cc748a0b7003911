import type { Role } from '@warren/contracts/http/sessions'

/** Who asks, once authenticated. */
export interface Principal {
  readonly kind: 'session' | 'password' | 'token'
  /** The user's name, or `token <name>`. */
  readonly name: string
  readonly role: Role
  readonly tenant: string
  /** A token of a program that evaluates alert rules. */
  readonly isAlerting: boolean
  /** Its grants: the only deployments of the tenant whose data it may read. Undefined: all of them, and what belongs to none. */
  readonly deployments: readonly string[] | undefined
  /** When the session or token ends; a password does not. */
  readonly expiresAt: Date | undefined
}

/** Roles inside a tenant, each may do what the ones before it may; `writer` is not among them: it only sends. */
const ladder: readonly Role[] = ['viewer', 'operator', 'editor', 'manager', 'admin']

export const atLeast = (role: Exclude<Role, 'writer'>): readonly Role[] =>
  ladder.slice(ladder.indexOf(role))

/** True when `role` may hand out `other`: never more than it has itself. */
export function mayGrant(role: Role, other: Role): boolean {
  if (other === 'writer') return atLeast('manager').includes(role)
  return ladder.indexOf(other) <= ladder.indexOf(role)
}
