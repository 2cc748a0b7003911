import { EvaluationError } from '../evaluation-error.ts'
import type { Expr } from '../expression.ts'
import { timeDimensionOf } from '../group-interval.ts'
import { parseTime } from '../time-literal.ts'
import type { SelectStatement } from '../tree.ts'
import type { Interval } from './buckets.ts'

/** The `GROUP BY time(…)` of a SELECT, checked. Throws `EvaluationError` with InfluxDB's text. */
export function intervalOf(select: SelectStatement, nowNs: bigint): Interval | undefined {
  const time = timeDimensionOf(select.dimensions)
  if (time === undefined) return undefined
  const [duration, offset, ...more] = time.args
  if (duration === undefined || more.length > 0)
    throw new EvaluationError('time dimension expected 1 or 2 arguments')
  if (duration.kind !== 'duration')
    throw new EvaluationError('time dimension must have duration argument')
  if (duration.ns <= 0n) throw new EvaluationError('time dimension must have a positive duration')
  const { timeZone } = select
  const offsetNs = offset === undefined ? 0n : offsetOf(offset, nowNs, timeZone) % duration.ns
  return { intervalNs: duration.ns, offsetNs, timeZone }
}

function offsetOf(expr: Expr, nowNs: bigint, timeZone: string | undefined): bigint {
  if (expr.kind === 'duration') return expr.ns
  if (expr.kind === 'call') {
    if (expr.name !== 'now')
      throw new EvaluationError('time dimension offset function must be now()')
    if (expr.args.length > 0)
      throw new EvaluationError('time dimension offset now() function requires no arguments')
    return nowNs
  }
  const ns = expr.kind === 'string' ? parseTime(expr.value, timeZone) : undefined
  if (ns === undefined) throw new EvaluationError('time dimension offset must be duration or now()')
  return ns
}
