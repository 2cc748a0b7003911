import { checkStatement } from './check.ts'
import type { Cost } from './cost/cost-parts.ts'
import { costOf } from './cost.ts'
import { EvaluationError } from './evaluation-error.ts'
import type { Parameters } from './parameters.ts'
import { ParseError } from './parse/error.ts'
import { parseQuery } from './parse.ts'
import { printStatement } from './print.ts'
import type { Scope } from './scope/caller-scope.ts'
import { ScopeError } from './scope/error.ts'
import { scopeStatement } from './scope.ts'
import { statementTypeOf } from './statement-type.ts'
import { groupIntervalOf } from './time/group-interval.ts'
import { maxTimeNs, minTimeNs, timeRangeOf } from './time-range.ts'
import type { Statement } from './tree.ts'

export interface ExplainedStatement {
  /** The reference's name of its type. */
  readonly type: string
  /** Canonical. */
  readonly text: string
  /** As its tenant runs it; absent when he may not. */
  readonly scoped?: string
  /** Why the tenant may not run it. */
  readonly refused?: string
  /** Why it cannot be answered, whoever asks. */
  readonly error?: string
  /** Inclusive; absent when its own condition sets no such bound. */
  readonly minNs?: bigint
  readonly maxNs?: bigint
  /** Of its GROUP BY time(…). */
  readonly intervalNs?: bigint
  /** Of the scoped statement; absent when there is none to be run. */
  readonly cost?: Cost
}

export interface Explained {
  /** Why the text is no query, in the parser's words. */
  readonly error?: string
  readonly statements: readonly ExplainedStatement[]
}

export interface ExplainOptions {
  readonly scope: Scope
  readonly nowNs: bigint
  readonly parameters?: Parameters
  /** Of every source, for the cost. */
  readonly series: number
}

/** What the gateway makes of a query, and asks nobody about. */
export function explainQuery(text: string, options: ExplainOptions): Explained {
  try {
    const statements = parseQuery(text, { parameters: options.parameters ?? {} })
    return { statements: statements.map((statement) => explainStatement(statement, options)) }
  } catch (error) {
    if (error instanceof ParseError) return { error: error.detail, statements: [] }
    throw error
  }
}

function explainStatement(statement: Statement, options: ExplainOptions): ExplainedStatement {
  const type = statementTypeOf(statement)
  const text = printStatement(statement)
  const own = whole(statement, options)
  return { type, text, ...own, ...scopedOf(statement, options, own.error === undefined) }
}

/** What holds for whoever asks. */
function whole(
  statement: Statement,
  { nowNs }: ExplainOptions,
): Pick<ExplainedStatement, 'error' | 'minNs' | 'maxNs' | 'intervalNs'> {
  const select = 'select' in statement ? statement.select : statement
  const condition = 'condition' in select ? select.condition : undefined
  const zone = 'timeZone' in select ? select.timeZone : undefined
  const intervalNs = 'dimensions' in select ? groupIntervalOf(select.dimensions) : 0n
  const interval = intervalNs > 0n ? { intervalNs } : {}
  try {
    const { minNs, maxNs } = timeRangeOf(condition, nowNs, zone)
    const least = minNs === minTimeNs ? {} : { minNs }
    const bounds = maxNs === maxTimeNs ? least : { ...least, maxNs }
    return { ...bounds, ...interval, ...errorOf(statement, nowNs) }
  } catch (error) {
    if (error instanceof EvaluationError) return { error: error.message, ...interval }
    throw error
  }
}

function errorOf(statement: Statement, nowNs: bigint): Pick<ExplainedStatement, 'error'> {
  try {
    checkStatement(statement, nowNs)
    return {}
  } catch (error) {
    if (error instanceof EvaluationError) return { error: error.message }
    throw error
  }
}

function scopedOf(
  statement: Statement,
  { scope, nowNs, series }: ExplainOptions,
  isSound: boolean,
): Pick<ExplainedStatement, 'scoped' | 'refused' | 'cost'> {
  try {
    const own = scopeStatement(statement, scope)
    const scoped = printStatement(own)
    return isSound ? { scoped, cost: costOf(own, { nowNs, seriesOf: () => series }) } : { scoped }
  } catch (error) {
    if (error instanceof ScopeError || error instanceof EvaluationError)
      return { refused: error.message }
    throw error
  }
}
