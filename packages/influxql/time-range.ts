import { EvaluationError } from './evaluation-error.ts'
import type { Binary, Expr } from './expression.ts'
import { printExpression } from './print-expression.ts'
import { timeValueOf } from './time-value.ts'

/** Inclusive, nanoseconds since the epoch. An absent bound is the least or greatest time InfluxDB has. */
export interface TimeRange {
  readonly minNs: bigint
  readonly maxNs: bigint
}

export interface ConditionParts extends TimeRange {
  /** The condition without time; absent when nothing is left. */
  readonly condition?: Expr
}

export const minTimeNs = -9223372036854775806n
export const maxTimeNs = 9223372036854775806n
const everything: TimeRange = { minNs: minTimeNs, maxNs: maxTimeNs }

interface Context {
  readonly nowNs: bigint
  readonly timeZone?: string | undefined
}

interface Known extends Context {
  readonly parts: ConditionParts
}

const lately = new WeakMap<Expr, Known>()

/** InfluxDB takes time out of a condition wherever it stands and intersects all of it, also under OR. Taken apart once for each object and moment: a query is bounded, priced, moved and asked by its range. Throws `EvaluationError`. */
export function timeRangeOf(
  condition: Expr | undefined,
  nowNs: bigint,
  timeZone?: string,
): ConditionParts {
  if (condition === undefined) return everything
  const known = lately.get(condition)
  if (known?.nowNs === nowNs && known.timeZone === timeZone) return known.parts
  const parts = partsOf(condition, { nowNs, timeZone })
  lately.set(condition, { nowNs, timeZone, parts })
  return parts
}

function partsOf(whole: Expr, context: Context): ConditionParts {
  const { condition, ...range } = split(whole, context)
  if (condition === undefined) return range
  return { ...range, condition: condition.kind === 'paren' ? condition.expr : condition }
}

function split(expr: Expr, context: Context): ConditionParts {
  switch (expr.kind) {
    case 'paren':
      return splitParen(split(expr.expr, context))
    case 'boolean':
      return { ...everything, condition: expr }
    case 'binary':
      return expr.op === 'AND' || expr.op === 'OR'
        ? splitLogical(expr, context)
        : splitComparison(expr, context)
    case 'call':
    case 'distinct':
    case 'duration':
    case 'integer':
    case 'number':
    case 'reference':
    case 'regex':
    case 'string':
    case 'unsigned':
    case 'wildcard':
      throw new EvaluationError(`invalid condition expression: ${printExpression(expr)}`)
  }
}

function splitParen({ condition, ...range }: ConditionParts): ConditionParts {
  if (condition === undefined) return range
  if (condition.kind !== 'binary') return { ...range, condition }
  return { ...range, condition: { kind: 'paren', expr: condition } }
}

/** The range both have. */
export function intersection(a: TimeRange, b: TimeRange): TimeRange {
  return {
    minNs: a.minNs > b.minNs ? a.minNs : b.minNs,
    maxNs: a.maxNs < b.maxNs ? a.maxNs : b.maxNs,
  }
}

function splitLogical(expr: Binary, context: Context): ConditionParts {
  const left = split(expr.left, context)
  const right = split(expr.right, context)
  const range = intersection(left, right)
  if (left.condition === undefined || right.condition === undefined) {
    const condition = left.condition ?? right.condition
    return condition === undefined ? range : { ...range, condition }
  }
  return { ...range, condition: { ...expr, left: left.condition, right: right.condition } }
}

const isTime = (expr: Expr) => expr.kind === 'reference' && expr.name.toLowerCase() === 'time'
const flipped: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

function splitComparison(expr: Binary, context: Context): ConditionParts {
  if (isTime(expr.left)) return rangeOf(expr.op, timeValueOf(expr.right, context))
  if (isTime(expr.right))
    return rangeOf(flipped[expr.op] ?? expr.op, timeValueOf(expr.left, context))
  return { ...everything, condition: expr }
}

function rangeOf(operator: string, ns: bigint): TimeRange {
  switch (operator) {
    case '=':
      return { minNs: ns, maxNs: ns }
    case '>':
      return { ...everything, minNs: ns + 1n }
    case '>=':
      return { ...everything, minNs: ns }
    case '<':
      return { ...everything, maxNs: ns - 1n }
    case '<=':
      return { ...everything, maxNs: ns }
    default:
      throw new EvaluationError(`invalid time comparison operator: ${operator}`)
  }
}
