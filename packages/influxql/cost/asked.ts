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
  const named = new Set<string>()
  const calls: string[] = []
  let isOpen = false
  for (const { expr } of fields)
    walkExpression(expr, (part) => {
      const name = fieldNameOf(part)
      if (name !== undefined) named.add(name)
      const call = callNameOf(part)
      if (call !== undefined) calls.push(call)
      isOpen ||= part.kind === 'wildcard' || part.kind === 'regex'
    })
  return { named: named.size, isOpen, calls }
}

function fieldNameOf(part: Expr): string | undefined {
  if (part.kind === 'distinct') return part.name
  if (part.kind !== 'reference' || part.type === 'tag') return undefined
  return part.name.toLowerCase() === 'time' ? undefined : part.name
}

function callNameOf(part: Expr): string | undefined {
  if (part.kind === 'distinct') return 'distinct'
  return part.kind === 'call' && !isMathFunction(part.name) ? part.name : undefined
}

export function countRegexes(exprs: readonly (Expr | undefined)[]): number {
  let count = 0
  const countOne = ({ kind }: Expr): void => {
    if (kind === 'regex') count += 1
  }
  for (const expr of exprs) if (expr !== undefined) walkExpression(expr, countOne)
  return count
}
