import type { Expr } from '../expression.ts'
import type { Scope } from './caller-scope.ts'
import { binary, isTag } from './tag-condition.ts'

/** A tag has one value, so this holds nowhere. */
const nowhere = isTag('tenant', '')

function oneOf(deployments: readonly string[]): Expr {
  const [first, ...more] = [...new Set(deployments)].map((name) => isTag('deployment', name))
  if (first === undefined) return nowhere
  const any = more.reduce((left, right) => binary('OR', left, right), first)
  return more.length === 0 ? any : { kind: 'paren', expr: any }
}

/** The condition of the caller behind that of its scope; the parentheses keep an OR inside. */
export function guarded(
  condition: Expr | undefined,
  { tenant, deployments }: Pick<Scope, 'tenant' | 'deployments'>,
): Expr {
  const own = isTag('tenant', tenant)
  const guard = deployments === undefined ? own : binary('AND', own, oneOf(deployments))
  return condition === undefined ? guard : binary('AND', guard, { kind: 'paren', expr: condition })
}
