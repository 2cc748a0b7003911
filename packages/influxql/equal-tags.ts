import type { Binary, Expr } from './expression.ts'

/** Tags that a condition, without time, fixes to one value wherever it holds; a text compared with a reference of no type is taken for one. */
export function equalTags(condition: Expr | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const visit = (expr: Expr): void => {
    if (expr.kind === 'paren') visit(expr.expr)
    if (expr.kind !== 'binary') return
    if (expr.op === 'AND') {
      visit(expr.left)
      visit(expr.right)
    } else addEqual(expr, found)
  }
  if (condition !== undefined) visit(condition)
  return found
}

function addEqual({ op, left, right }: Binary, found: Map<string, string>): void {
  if (op !== '=' || left.kind !== 'reference' || right.kind !== 'string') return
  // That is the measurement's name, which fixes no tag.
  if (left.name === '_name') return
  if (left.type === undefined || left.type === 'tag') found.set(left.name, right.value)
}

/** Whether a condition, without time, can be decided without reading a value: tags are compared with texts and regexes. */
export function isOnTags(condition: Expr | undefined): boolean {
  if (condition === undefined) return true
  if (condition.kind === 'paren') return isOnTags(condition.expr)
  if (condition.kind !== 'binary') return false
  const { op, left, right } = condition
  if (op === 'AND' || op === 'OR') return isOnTags(left) && isOnTags(right)
  if (left.kind !== 'reference' || left.type === 'field') return false
  return right.kind === 'string' || right.kind === 'regex'
}
