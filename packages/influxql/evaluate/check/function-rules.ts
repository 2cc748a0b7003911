import { EvaluationError } from '../../evaluation-error.ts'
import type { Call, Expr } from '../../expression.ts'
import { goTypeOf } from '../../go-type.ts'
import { printExpression } from '../../print/expression.ts'
import { printDuration } from '../../time/duration.ts'

export function requireArguments({ name, args }: Call, least: number, most = least): void {
  const got = args.length
  if (got >= least && got <= most) return
  const expected = least === most ? `${least}` : `at least ${least} but no more than ${most}`
  throw new EvaluationError(
    `invalid number of arguments for ${name}, expected ${expected}, got ${got}`,
  )
}

/** The optional unit of derivative, elapsed and integral. */
export function requireUnit({ name, args }: Call): void {
  const unit = args[1]
  if (unit === undefined) return
  if (unit.kind !== 'duration')
    throw new EvaluationError(
      name === 'integral'
        ? 'second argument must be a duration'
        : `second argument to ${name} must be a duration, got ${goTypeOf(unit)}`,
    )
  if (unit.ns <= 0n)
    throw new EvaluationError(`duration argument must be positive, got ${printDuration(unit.ns)}`)
}

export function requireWindow({ args }: Call): void {
  const size = args[1]
  if (size?.kind !== 'integer')
    throw new EvaluationError(
      `second argument for moving_average must be an integer, got ${size === undefined ? 'nil' : goTypeOf(size)}`,
    )
  if (size.value <= 1n)
    throw new EvaluationError(`moving_average window must be greater than 1, got ${size.value}`)
}

/** Period, hold and warm-up of an indicator of technical analysis, and which warm-ups it has. */
export function requirePeriods({ name, args }: Call, warmups: readonly string[]): void {
  const [, period, hold, warmup] = args
  if (period?.kind !== 'integer') throw new EvaluationError(`${name} period must be an integer`)
  if (period.value < 1n)
    throw new EvaluationError(`${name} period must be greater than or equal to 1`)
  if (hold !== undefined) requireHold(name, hold)
  if (warmup === undefined) return
  if (warmup.kind !== 'string') throw new EvaluationError(`${name} warmup type must be a string`)
  if (!warmups.includes(warmup.value))
    throw new EvaluationError(
      `${name} warmup type must be one of: ${warmups.map((each) => `'${each}'`).join(' ')}`,
    )
}

function requireHold(name: string, hold: Expr): void {
  if (hold.kind !== 'integer') throw new EvaluationError(`${name} hold period must be an integer`)
  const least = name === 'triple_exponential_derivative' ? 1n : 0n
  if (hold.value < least && hold.value !== -1n)
    throw new EvaluationError(`${name} hold period must be greater than or equal to ${least}`)
}

export function requirePercentile({ args }: Call): void {
  const kind = args[1]?.kind
  if (kind !== 'integer' && kind !== 'number')
    throw new EvaluationError('expected float argument in percentile()')
}

export function requireSample({ args }: Call): void {
  const size = args[1]
  if (size?.kind !== 'integer') throw new EvaluationError('expected integer argument in sample()')
  if (size.value <= 0n)
    throw new EvaluationError(`sample window must be greater than 1, got ${size.value}`)
}

export function requireForecast({ name, args }: Call): void {
  const [, count, season] = args
  if (count?.kind !== 'integer')
    throw new EvaluationError(`expected integer argument as second arg in ${name}`)
  if (count.value <= 0n)
    throw new EvaluationError(`second arg to ${name} must be greater than 0, got ${count.value}`)
  if (season?.kind !== 'integer')
    throw new EvaluationError(`expected integer argument as third arg in ${name}`)
  if (season.value < 0n)
    throw new EvaluationError(`third arg to ${name} cannot be negative, got ${season.value}`)
}

/** `top(field, tag…, N)`; `limit` is that of the statement. */
export function requireTop(call: Call, limit: number): void {
  const { name, args } = call
  if (args.length < 2)
    throw new EvaluationError(
      `invalid number of arguments for ${name}, expected at least 2, got ${args.length}`,
    )
  requireTopCount(name, args.at(-1), limit)
  const [field, ...tags] = args.slice(0, -1)
  if (field !== undefined && field.kind !== 'reference')
    throw new EvaluationError(
      `expected first argument to be a field in ${name}(), found ${printExpression(field)}`,
    )
  const odd = tags.find((tag) => tag.kind !== 'reference')
  if (odd !== undefined)
    throw new EvaluationError(
      `only fields or tags are allowed in ${name}(), found ${printExpression(odd)}`,
    )
}

function requireTopCount(name: string, count: Expr | undefined, limit: number): void {
  if (count?.kind !== 'integer')
    throw new EvaluationError(
      `expected integer as last argument in ${name}(), found ${count === undefined ? '' : printExpression(count)}`,
    )
  if (count.value <= 0n)
    throw new EvaluationError(`limit (${count.value}) in ${name} function must be at least 1`)
  if (limit > 0 && count.value > BigInt(limit))
    throw new EvaluationError(
      `limit (${count.value}) in ${name} function can not be larger than the LIMIT (${limit}) in the select statement`,
    )
}
