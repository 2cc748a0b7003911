import type { BinaryOperator, Expr } from '../expression.ts'
import { isTimeText, parseWrittenTime } from '../time/time-literal.ts'
import { compare, type Operands } from './comparison.ts'
import { reduceNumbers } from './numbers.ts'
import { reduceTimes } from './times.ts'

/** What an operation on two literals is; undefined: the reference leaves it as it is. */
export function reduceLiterals(op: BinaryOperator, operands: Operands): Expr | undefined {
  const { left, right } = operands
  if (left.kind === 'boolean' && right.kind === 'boolean')
    return reduceBooleans(op, left.value, right.value)
  if (left.kind === 'string' && right.kind === 'string')
    return reduceTexts(op, { left: left.value, right: right.value }, operands)
  return reduceNumbers(op, left, right) ?? reduceTimes(op, operands)
}

const ofBooleans: Readonly<
  Partial<Record<BinaryOperator, (left: boolean, right: boolean) => boolean>>
> = {
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '&': (left, right) => left && right,
  '|': (left, right) => left || right,
  '^': (left, right) => left !== right,
}

function reduceBooleans(op: BinaryOperator, left: boolean, right: boolean): Expr | undefined {
  const compute = ofBooleans[op]
  return compute && { kind: 'boolean', value: compute(left, right) }
}

function reduceTexts(
  op: BinaryOperator,
  { left, right }: { readonly left: string; readonly right: string },
  operands: Operands,
): Expr | undefined {
  if (op === '+') return { kind: 'string', value: left + right }
  if (op !== '=' && op !== '!=') return reduceTimes(op, operands)
  // Two forms of one time are equal.
  const [one, other] = [left, right].map((text) =>
    isTimeText(text) ? parseWrittenTime(text, operands.timeZone) : undefined,
  )
  return one === undefined || other === undefined
    ? compare(op, left, right)
    : compare(op, one.ns, other.ns)
}
