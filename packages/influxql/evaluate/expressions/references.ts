import type { Expr, Reference } from '../../expression.ts'
import { partsOf, withParts } from '../../walk.ts'
import { isMathFunction } from '../functions/math-functions.ts'

/** All references of an expression, those within calls included. */
export function referencesIn(expr: Expr): Reference[] {
  return expr.kind === 'reference' ? [expr] : partsOf(expr).flatMap(referencesIn)
}

/** Whether a reference stands outside of aggregates: its value comes from a row. */
export function hasBareReference(expr: Expr): boolean {
  return bareIn(expr).length > 0
}

/** The expression with each reference replaced by what `replace` says, and each DISTINCT by its call. */
export function mapReferences(expr: Expr, replace: (reference: Reference) => Expr): Expr {
  if (expr.kind === 'reference') return replace(expr)
  if (expr.kind === 'distinct')
    return {
      kind: 'call',
      name: 'distinct',
      args: [replace({ kind: 'reference', name: expr.name })],
    }
  return withParts(expr, (part) => mapReferences(part, replace))
}

/** The references of columns, each once, in the order of their names. */
export function othersIn(exprs: readonly Expr[]): Reference[] {
  const found = new Map<string, Reference>()
  for (const expr of exprs)
    for (const reference of bareIn(expr))
      found.set(`${reference.name}\0${reference.type ?? ''}`, reference)
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reference]) => reference)
}

function bareIn(expr: Expr): Reference[] {
  if (expr.kind === 'reference') return [expr]
  if (expr.kind === 'call' && !isMathFunction(expr.name)) return []
  return partsOf(expr).flatMap(bareIn)
}
