import { expect, test } from 'vitest'
import { checkStatement } from './check.ts'
import { EvaluationError } from './evaluation-error.ts'
import { parseQuery } from './parse.ts'

/** The error of a SELECT, or an empty text. */
function faultOf(text: string): string {
  try {
    for (const statement of parseQuery(text)) checkStatement(statement)
    return ''
  } catch (error) {
    if (error instanceof EvaluationError) return error.message
    throw error
  }
}

const noVariable = 'field must contain at least one variable'

test.each([
  ['exponential_moving_average(v, 1)', ''],
  ['relative_strength_index(v, 1)', ''],
  ['kaufmans_efficiency_ratio(v, 1)', ''],
  ['chande_momentum_oscillator(v, 1)', ''],
  [
    'exponential_moving_average(v, 0)',
    'exponential_moving_average period must be greater than or equal to 1',
  ],
  [
    'kaufmans_efficiency_ratio(v)',
    'invalid number of arguments for kaufmans_efficiency_ratio, expected at least 2 but no more than 3, got 1',
  ],
  [
    "kaufmans_adaptive_moving_average(v, 2, 1, 'simple')",
    'invalid number of arguments for kaufmans_adaptive_moving_average, expected at least 2 but no more than 3, got 4',
  ],
  [
    'triple_exponential_derivative(v, 2, 0)',
    'triple_exponential_derivative hold period must be greater than or equal to 1',
  ],
  [
    "exponential_moving_average(v, 2, 1, 'none')",
    "exponential_moving_average warmup type must be one of: 'exponential' 'simple'",
  ],
  ["chande_momentum_oscillator(v, 2, 1, 'none')", ''],
  ['abs(1)', noVariable],
  ["round('x')", noVariable],
  ['round(/v/)', noVariable],
  ['pow(2, 1 + 1)', noVariable],
  ['pow(2, v)', ''],
  ["v + 'a' * 2", 'cannot perform a binary expression on two literals'],
  ['top(v, (v))', 'expected integer as last argument in top(), found v'],
  ['top((v), (host), (1 + 1))', ''],
  ['mean((v))', ''],
])('%s', (field, expected) => {
  expect(faultOf(`SELECT ${field} FROM m`)).toBe(expected)
})

test.each([
  ['mean(f) > 1', 'invalid function call in condition: mean(f)'],
  ["tenant::tag = 'a' AND (mean(f) > 1)", 'invalid function call in condition: mean(f)'],
  ['f < now()', ''],
])('WHERE %s', (condition, expected) => {
  expect(faultOf(`SELECT f FROM m WHERE ${condition}`)).toBe(expected)
})

test.each([
  ['count(v)', 'time(0s)', ''],
  ['count(v)', 'time(-10s)', ''],
  ['v', 'time(0s)', ''],
  ['v', 'time(-10s)', 'GROUP BY requires at least one aggregate function'],
  ['elapsed(max(v))', 'time(-10s)', ''],
  ['elapsed(max(v))', 'time(0s)', 'elapsed aggregate requires a GROUP BY interval'],
  ['count(v)', 'time(0s), time(1m)', ''],
  ['count(v)', 'time(1m), time(0s)', 'multiple time dimensions not allowed'],
  ['count(v)', 'time(v), foo(1)', 'time dimension must have duration argument'],
  ['count(v)', 'foo(1), time(v)', 'only time() calls allowed in dimensions'],
  ['count(v)', 'time(1m, 2s, 3s), 5', 'time dimension expected 1 or 2 arguments'],
  ['count(v)', '(time(30s + 30s))', ''],
  ['count(v)', "time(1m, '2000-02-30')", 'invalid timestamp string'],
])('%s GROUP BY %s', (field, dimensions, expected) => {
  expect(faultOf(`SELECT ${field} FROM m GROUP BY ${dimensions}`)).toBe(expected)
})
