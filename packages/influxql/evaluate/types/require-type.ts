import { EvaluationError } from '../../evaluation-error.ts'
import { takesType } from '../expand.ts'

/** Throws `EvaluationError`, with InfluxDB's text, for a function without a meaning for values of the type. */
export function requireType(name: string, type: string): void {
  if (!takesType(name, type as 'float'))
    throw new EvaluationError(
      `unsupported ${typeErrorNames[name] ?? name} iterator type: *query.${type}InterruptIterator`,
    )
}

/** What InfluxDB calls some functions when it refuses a type. */
const typeErrorNames: Readonly<Record<string, string>> = {
  non_negative_derivative: 'derivative',
  non_negative_difference: 'difference',
  cumulative_sum: 'cumulative sum',
  moving_average: 'moving average',
}
