import type { Call } from '../expression.ts'
import {
  requireArguments,
  requireForecast,
  requirePercentile,
  requirePeriods,
  requireSample,
  requireUnit,
  requireWindow,
} from './function-rules.ts'

/** What a function with parameters asks of them. */
export interface ParametricRule {
  /** What the function is of: a field, a field or another function, or always another function. */
  readonly of: 'field' | 'series' | 'forecast'
  readonly requires: (call: Call) => void
}

const withUnit = (of: ParametricRule['of']): ParametricRule => ({
  of,
  requires: (call) => {
    requireArguments(call, 1, 2)
    requireUnit(call)
  },
})
const single: ParametricRule = { of: 'series', requires: (call) => requireArguments(call, 1) }

const withCount = (
  count: number,
  of: ParametricRule['of'],
  check: (call: Call) => void,
): ParametricRule => ({
  of,
  requires: (call) => {
    requireArguments(call, count)
    check(call)
  },
})

const indicator: ParametricRule = {
  of: 'series',
  requires: (call) => {
    requireArguments(call, 2, 4)
    requirePeriods(call)
  },
}

const indicatorNames = [
  'exponential_moving_average',
  'double_exponential_moving_average',
  'triple_exponential_moving_average',
  'relative_strength_index',
  'triple_exponential_derivative',
  'kaufmans_efficiency_ratio',
  'kaufmans_adaptive_moving_average',
  'chande_momentum_oscillator',
]

const rules: Readonly<Record<string, ParametricRule>> = {
  percentile: withCount(2, 'field', requirePercentile),
  sample: withCount(2, 'field', requireSample),
  integral: withUnit('field'),
  derivative: withUnit('series'),
  non_negative_derivative: withUnit('series'),
  elapsed: withUnit('series'),
  difference: single,
  non_negative_difference: single,
  cumulative_sum: single,
  moving_average: withCount(2, 'series', requireWindow),
  ...Object.fromEntries(indicatorNames.map((name) => [name, indicator])),
  holt_winters: withCount(3, 'forecast', requireForecast),
  holt_winters_with_fit: withCount(3, 'forecast', requireForecast),
}

export function parametricRule(name: string): ParametricRule | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined
}
