import { EvaluationError } from './evaluation-error.ts'
import type { Binary, Expr } from './expression.ts'
import { printExpression } from './print/expression.ts'
import { reduce, reduceBinary, reduceParen } from './reduce.ts'
import { timeValueOf } from './time/time-value.ts'

/** Inclusive, nanoseconds since the epoch. An absent bound is the least or greatest time InfluxDB has. */
export interface TimeRange {
  readonly minNs: bigint
  readonly maxNs: bigint
}

export interface ConditionParts extends TimeRange {
  /** The condition without time and reduced, as the reference evaluates it; absent when nothing is left, or what always holds. */
  readonly condition?: Expr
  /** The condition without time as it was written, for texts: reduced, it may hold what no text says. */
  readonly written?: Expr
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

/** A bound is absent where nothing says one, and may be one more than an integer holds. */
interface Split {
  readonly minNs?: bigint | undefined
  readonly maxNs?: bigint | undefined
  readonly condition?: Expr | undefined
  readonly written?: Expr | undefined
}

function partsOf(whole: Expr, context: Context): ConditionParts {
  const { minNs, maxNs, ...exprs } = split(whole, context)
  const [condition, written] = [exprs.condition, exprs.written].map(bare)
  const holds = condition?.kind === 'boolean' && condition.value
  return {
    minNs: minNs === undefined ? minTimeNs : BigInt.asIntN(64, minNs),
    maxNs: maxNs === undefined ? maxTimeNs : BigInt.asIntN(64, maxNs),
    ...(condition === undefined || holds ? {} : { condition }),
    ...(written === undefined ? {} : { written }),
  }
}

const bare = (expr: Expr | undefined): Expr | undefined =>
  expr?.kind === 'paren' ? expr.expr : expr

function split(expr: Expr, context: Context): Split {
  switch (expr.kind) {
    case 'paren':
      return splitParen(split(expr.expr, context))
    case 'boolean':
      return { condition: expr, written: expr }
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
    case 'time':
    case 'unsigned':
    case 'wildcard':
      throw new EvaluationError(`invalid condition expression: ${printExpression(expr)}`)
  }
}

function splitParen({ condition, written, ...range }: Split): Split {
  return {
    ...range,
    condition: condition && reduceParen(condition),
    written: written && reduceParen(written),
  }
}

/** The range both have. */
export function intersection(a: TimeRange, b: TimeRange): TimeRange {
  return {
    minNs: a.minNs > b.minNs ? a.minNs : b.minNs,
    maxNs: a.maxNs < b.maxNs ? a.maxNs : b.maxNs,
  }
}

function splitLogical(expr: Binary, context: Context): Split {
  const left = split(expr.left, context)
  const right = split(expr.right, context)
  const both = joined(expr, left.condition, right.condition)
  return {
    minNs: greatest(left.minNs, right.minNs),
    maxNs: least(left.maxNs, right.maxNs),
    condition: both?.kind === 'binary' ? reduceBinary(both) : both,
    written: joined(expr, left.written, right.written),
  }
}

function joined(expr: Binary, left: Expr | undefined, right: Expr | undefined): Expr | undefined {
  return left === undefined || right === undefined ? (left ?? right) : { ...expr, left, right }
}

function greatest(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a
}

function least(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a
}

const isTime = (expr: Expr) => expr.kind === 'reference' && expr.name.toLowerCase() === 'time'
const flipped: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

function splitComparison(expr: Binary, context: Context): Split {
  if (isTime(expr.left)) return rangeOf(expr.op, timeValueOf(expr.right, context, everything))
  if (isTime(expr.right))
    return rangeOf(flipped[expr.op] ?? expr.op, timeValueOf(expr.left, context, everything))
  return { condition: reduce(expr, context), written: expr }
}

function rangeOf(operator: string, ns: bigint): Split {
  switch (operator) {
    case '=':
      return { minNs: ns, maxNs: ns }
    case '>':
      return { minNs: ns + 1n }
    case '>=':
      return { minNs: ns }
    case '<':
      return { maxNs: ns - 1n }
    case '<=':
      return { maxNs: ns }
    default:
      throw new EvaluationError(`invalid time comparison operator: ${operator}`)
  }
}
