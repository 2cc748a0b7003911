import { RE2JS } from 're2js'
import type { Value } from '../../answers/result.ts'
import { EvaluationError } from '../../evaluation-error.ts'
import type { Binary, Call, Expr } from '../../expression.ts'
import { printExpression } from '../../print/expression.ts'
import { matcherOfList, toLiteralList } from '../../regexes/literal-list.ts'
import { applyMath, isMathFunction } from '../functions/math-functions.ts'
import { operate } from './operation.ts'

/** What an expression means for one row. */
export type Compiled<Row> = (row: Row) => Value

/** How an expression gets at what a row holds: a reference, or a call that is no math function. */
export type Resolve<Row> = (expr: Expr) => Compiled<Row> | undefined

export function compileExpression<Row>(expr: Expr, resolve: Resolve<Row>): Compiled<Row> {
  const resolved = resolve(expr)
  if (resolved !== undefined) return resolved
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'boolean':
    case 'integer':
    case 'unsigned':
      return constant(expr.value)
    case 'duration':
    case 'time':
      // No value is one, and InfluxDB computes nothing with them.
      return constant(null)
    case 'paren':
      return compileExpression(expr.expr, resolve)
    case 'binary':
      return compileBinary(expr, resolve)
    case 'call':
      return compileMath(expr, resolve)
    case 'distinct':
    case 'reference':
    case 'regex':
    case 'wildcard':
      throw new EvaluationError(`unsupported expression: ${printExpression(expr)}`)
  }
}

function constant<Row>(value: Value): Compiled<Row> {
  return () => value
}

function compileBinary<Row>(expr: Binary, resolve: Resolve<Row>): Compiled<Row> {
  const { op } = expr
  const left = compileExpression(expr.left, resolve)
  if (expr.right.kind === 'regex') {
    const matches = matcherOf(expr.right.source)
    return (row) => {
      const value = left(row)
      return typeof value === 'string' && matches(value) === (op === '=~')
    }
  }
  const right = compileExpression(expr.right, resolve)
  if (op === 'AND') return (row) => left(row) === true && right(row) === true
  if (op === 'OR') return (row) => left(row) === true || right(row) === true
  return (row) => operate(op, left(row), right(row))
}

function compileMath<Row>({ name, args }: Call, resolve: Resolve<Row>): Compiled<Row> {
  if (!isMathFunction(name)) throw new EvaluationError(`undefined function ${name}()`)
  const compiled = args.map((arg) => compileExpression(arg, resolve))
  return (row) =>
    applyMath(
      name,
      compiled.map((arg) => arg(row)),
    )
}

/** Remembers the answers of RE2: tag values repeat. */
export function matcherOf(source: string): (text: string) => boolean {
  const list = toLiteralList(source)
  if (list !== undefined) return matcherOfList(list)
  const regex = RE2JS.compile(source)
  const known = new Map<string, boolean>()
  return (text) => {
    const answer = known.get(text) ?? regex.test(text)
    if (known.size < 10_000) known.set(text, answer)
    return answer
  }
}
