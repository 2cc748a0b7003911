import { columnNames } from '@warren/influxql/evaluate/expressions/field-name'
import { isMathFunction } from '@warren/influxql/evaluate/functions/math-functions'
import type { Interval } from '@warren/influxql/evaluate/windows/buckets'
import { intervalOf } from '@warren/influxql/evaluate/windows/interval-of'
import type { Call, CastType, Expr, Reference } from '@warren/influxql/expression'
import { printExpression } from '@warren/influxql/print/expression'
import type { SelectStatement } from '@warren/influxql/tree'

/** A SELECT that rollups may stand for: of one measurement, by windows of time, of what rollups keep. */
export interface Rollable {
  readonly select: SelectStatement
  readonly measurement: string
  readonly interval: Interval
  readonly columns: readonly RolledColumn[]
}

/** A column, that of time not counted. */
export interface RolledColumn {
  /** As InfluxDB calls it. */
  readonly name: string
  readonly expr: Expr
  /** A window without points has 0. */
  readonly isCount: boolean
}

/** What rollups cannot answer, in words that follow that. */
export interface NotRollable {
  readonly what: string
}

export const isRollable = (found: Rollable | NotRollable): found is Rollable => 'select' in found

/** What a window of rollups keeps; the mean is that of all its points. */
export const servedCalls: ReadonlySet<string> = new Set([
  ...['min', 'max', 'count', 'sum', 'mean', 'last'],
])
const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%'])

/** As they are, as fields, and as floats: rollups are floats. */
const servedTypes: ReadonlySet<CastType | undefined> = new Set([undefined, 'field', 'float'])

/** The field of a call that rollups keep; undefined of any other call. */
export function rolledField({ name, args }: Call): Reference | undefined {
  const [field, ...others] = args
  if (!servedCalls.has(name) || others.length > 0 || field?.kind !== 'reference') return undefined
  return servedTypes.has(field.type) ? field : undefined
}

/** What is wrong with a column, in the words of the query; undefined: nothing. */
function faultOf(expr: Expr, isWithin = false): string | undefined {
  switch (expr.kind) {
    case 'paren':
      return faultOf(expr.expr, isWithin)
    case 'integer':
    case 'number':
      return isWithin ? undefined : printExpression(expr)
    case 'binary':
      if (!arithmetic.has(expr.op)) return printExpression(expr)
      return faultOf(expr.left, true) ?? faultOf(expr.right, true)
    case 'call':
      return faultOfCall(expr, isWithin)
    case 'boolean':
    case 'distinct':
    case 'duration':
    case 'reference':
    case 'regex':
    case 'string':
    case 'time':
    case 'unsigned':
    case 'wildcard':
      return printExpression(expr)
  }
}

function faultOfCall(call: Call, isWithin: boolean): string | undefined {
  if (isMathFunction(call.name))
    return call.args.map((arg) => faultOf(arg, true)).find((fault) => fault !== undefined)
  if (rolledField(call) === undefined) return printExpression(call)
  // A window without points counts 0 where it is shown, and nothing in a sum.
  return isWithin && call.name === 'count'
    ? `${printExpression(call)} within arithmetic`
    : undefined
}

function measurementOf({ sources }: SelectStatement): string | NotRollable {
  const [source, ...others] = sources
  if (others.length > 0) return { what: 'several measurements at once' }
  if (source?.kind !== 'measurement') return { what: 'a subquery' }
  return source.name ?? { what: 'measurements by a regular expression' }
}

/** Throws `EvaluationError` for what no store answers. */
export function toRollable(select: SelectStatement, nowNs: bigint): Rollable | NotRollable {
  const measurement = measurementOf(select)
  if (typeof measurement !== 'string') return measurement
  const fault = select.fields.map(({ expr }) => faultOf(expr)).find((each) => each !== undefined)
  if (fault !== undefined) return { what: fault }
  if (select.dimensions.some(({ kind }) => kind === 'wildcard' || kind === 'regex'))
    return { what: 'GROUP BY tags that are not named' }
  const interval = intervalOf(select, nowNs)
  if (interval === undefined) return { what: 'what is not grouped by time' }
  const names = columnNames(select.fields)
  const columns = select.fields.map(({ expr }, at) => ({
    ...{ name: names[at] ?? '', expr },
    isCount: expr.kind === 'call' && expr.name === 'count',
  }))
  return { select, measurement, interval, columns }
}
