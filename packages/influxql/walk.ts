import type { Expr } from './expression.ts'

/** Calls `visit` with an expression and all that it consists of, the outermost first. */
export function walkExpression(expr: Expr, visit: (part: Expr) => void): void {
  visit(expr)
  // Without the arrays of `partsOf`: every question is walked through.
  if (expr.kind === 'paren') walkExpression(expr.expr, visit)
  else if (expr.kind === 'call') for (const part of expr.args) walkExpression(part, visit)
  else if (expr.kind === 'binary') {
    walkExpression(expr.left, visit)
    walkExpression(expr.right, visit)
  }
}

/** The direct parts of an expression, in the order in which they are written. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'paren':
      return [expr.expr]
    case 'binary':
      return [expr.left, expr.right]
    case 'call':
      return expr.args
    case 'boolean':
    case 'distinct':
    case 'duration':
    case 'integer':
    case 'number':
    case 'reference':
    case 'regex':
    case 'string':
    case 'time':
    case 'unsigned':
    case 'wildcard':
      return []
  }
}

/** The expression with each of its direct parts changed. */
export function withParts(expr: Expr, change: (part: Expr) => Expr): Expr {
  switch (expr.kind) {
    case 'paren':
      return { ...expr, expr: change(expr.expr) }
    case 'binary':
      return { ...expr, left: change(expr.left), right: change(expr.right) }
    case 'call':
      return { ...expr, args: expr.args.map(change) }
    case 'boolean':
    case 'distinct':
    case 'duration':
    case 'integer':
    case 'number':
    case 'reference':
    case 'regex':
    case 'string':
    case 'time':
    case 'unsigned':
    case 'wildcard':
      return expr
  }
}
