import type { Binary, Call, Expr } from '../expression.ts'
import { precedenceOf } from '../operators.ts'
import { printDuration } from '../time/duration.ts'
import { printTime } from '../time/time-literal.ts'
import { printName, printRegex, printString } from './name.ts'
import { printNumber } from './number.ts'

/** InfluxQL that parses to the same expression. */
export function printExpression(expr: Expr): string {
  switch (expr.kind) {
    case 'reference':
      return expr.type === undefined
        ? printName(expr.name)
        : `${printName(expr.name)}::${expr.type}`
    case 'number':
      return printNumber(expr.value)
    case 'integer':
    case 'unsigned':
    case 'boolean':
      return String(expr.value)
    case 'string':
      return printString(expr.value)
    case 'duration':
      return printDuration(expr.ns)
    case 'time':
      return printString(printTime(expr.ns))
    case 'regex':
      return printRegex(expr.source)
    case 'wildcard':
      return expr.type === undefined ? '*' : `*::${expr.type}`
    case 'distinct':
      return `DISTINCT ${printName(expr.name)}`
    case 'call':
      return printCall(expr)
    case 'binary':
      return printBinary(expr)
    case 'paren':
      return `(${printExpression(expr.expr)})`
  }
}

function printCall({ name, args }: Call): string {
  const printed = name === 'distinct' ? name : printName(name)
  return `${printed}(${args.map(printExpression).join(', ')})`
}

function printBinary({ op, left, right }: Binary): string {
  const own = precedenceOf(op)
  return `${printOperand(left, own)} ${op} ${printOperand(right, own + 1)}`
}

/** `a / -b` parses to a product within a quotient: without parentheses it would mean another thing. */
function printOperand(expr: Expr, least: number): string {
  const printed = printExpression(expr)
  return expr.kind === 'binary' && precedenceOf(expr.op) < least ? `(${printed})` : printed
}
