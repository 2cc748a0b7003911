import { isMathFunction } from '../evaluate/functions/math-functions.ts'
import type { Expr } from '../expression.ts'
import type { SelectStatement } from '../tree.ts'
import { walkExpression } from '../walk.ts'

/** What the fields of a SELECT ask for. */
export interface Asked {
  /** Different fields that are named. */
  readonly named: number
  /** `*` or a regex: all that a source has. */
  readonly isOpen: boolean
  /** Names of aggregates, selectors and transformations; those of arithmetic, which cost nothing beside, not. */
  readonly calls: readonly string[]
}

export function askedBy({ fields }: SelectStatement): Asked {
  const parts = fields.flatMap(({ expr }) => allPartsOf(expr))
  return {
    named: new Set(parts.flatMap(fieldNameOf)).size,
    isOpen: parts.some(({ kind }) => kind === 'wildcard' || kind === 'regex'),
    calls: parts.flatMap(callNameOf),
  }
}

function allPartsOf(expr: Expr): Expr[] {
  const parts: Expr[] = []
  walkExpression(expr, (part) => parts.push(part))
  return parts
}

function fieldNameOf(part: Expr): string[] {
  if (part.kind === 'distinct') return [part.name]
  if (part.kind !== 'reference' || part.type === 'tag') return []
  return part.name.toLowerCase() === 'time' ? [] : [part.name]
}

function callNameOf(part: Expr): string[] {
  if (part.kind === 'distinct') return ['distinct']
  return part.kind === 'call' && !isMathFunction(part.name) ? [part.name] : []
}

export function countRegexes(exprs: readonly (Expr | undefined)[]): number {
  const given = exprs.flatMap((expr) => (expr === undefined ? [] : allPartsOf(expr)))
  return given.filter(({ kind }) => kind === 'regex').length
}
