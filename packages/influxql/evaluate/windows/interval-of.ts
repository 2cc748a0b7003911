import { EvaluationError } from '../../evaluation-error.ts'
import type { Call, Expr } from '../../expression.ts'
import { reduceExpression } from '../../reduce.ts'
import { isTimeText, parseTime } from '../../time/time-literal.ts'
import type { SelectStatement } from '../../tree.ts'
import type { Interval } from './buckets.ts'

/** The windows that the `GROUP BY time(…)` of a SELECT makes; undefined: none, as with a duration that is not positive. Throws `EvaluationError` with InfluxDB's text. */
export function intervalOf(select: SelectStatement, nowNs: bigint): Interval | undefined {
  const interval = checkedInterval(select, nowNs)
  return interval === undefined || interval.intervalNs < 0n ? undefined : interval
}

/** The same with a negative duration, which makes one window and counts as an interval in InfluxDB's rules; one of no length is none for these either. */
export function checkedInterval(
  { dimensions, timeZone }: SelectStatement,
  nowNs: bigint,
): Interval | undefined {
  let found: Interval | undefined
  for (const dimension of dimensions) {
    const time = timeIn(reduceExpression(dimension, {}))
    if (time === undefined) continue
    const [duration, offset] = time.args
    if (duration?.kind !== 'duration')
      throw new EvaluationError('time dimension must have duration argument')
    if (found !== undefined) throw new EvaluationError('multiple time dimensions not allowed')
    if (duration.ns === 0n) continue
    const offsetNs = offset === undefined ? 0n : offsetOf(offset, nowNs, timeZone) % duration.ns
    found = { intervalNs: duration.ns, offsetNs, timeZone }
  }
  return found
}

function timeIn(dimension: Expr): Call | undefined {
  if (dimension.kind === 'call') {
    if (dimension.name !== 'time')
      throw new EvaluationError('only time() calls allowed in dimensions')
    if (dimension.args.length < 1 || dimension.args.length > 2)
      throw new EvaluationError('time dimension expected 1 or 2 arguments')
    return dimension
  }
  if (dimension.kind === 'reference' && dimension.name.toLowerCase() === 'time')
    throw new EvaluationError('time() is a function and expects at least one argument')
  if (!groupable.has(dimension.kind))
    throw new EvaluationError('only time and tag dimensions allowed')
  return undefined
}

const groupable: ReadonlySet<string> = new Set(['reference', 'regex', 'wildcard'])

// The reference rounds moments down from the first of January of year 1, which matters to what does not divide a day, like weeks.
const yearOneNs = -62_135_596_800_000_000_000n

function offsetOf(expr: Expr, nowNs: bigint, timeZone: string | undefined): bigint {
  if (expr.kind === 'duration') return expr.ns
  if (expr.kind === 'time') return expr.ns - yearOneNs
  if (expr.kind === 'call') {
    if (expr.name !== 'now')
      throw new EvaluationError('time dimension offset function must be now()')
    if (expr.args.length > 0)
      throw new EvaluationError('time dimension offset now() function requires no arguments')
    return nowNs - yearOneNs
  }
  if (expr.kind !== 'string' || !isTimeText(expr.value))
    throw new EvaluationError('time dimension offset must be duration or now()')
  const ns = parseTime(expr.value, timeZone)
  if (ns === undefined) throw new EvaluationError('invalid timestamp string')
  return ns - yearOneNs
}
