import type { Call } from '../../expression.ts'
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

const indicator = (
  most: number,
  warmups: readonly string[] = ['exponential', 'simple'],
): ParametricRule => ({
  of: 'series',
  requires: (call) => {
    requireArguments(call, 2, most)
    requirePeriods(call, warmups)
  },
})

const average = indicator(4)
const kaufmans = indicator(3)

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
  exponential_moving_average: average,
  double_exponential_moving_average: average,
  triple_exponential_moving_average: average,
  relative_strength_index: average,
  triple_exponential_derivative: average,
  kaufmans_efficiency_ratio: kaufmans,
  kaufmans_adaptive_moving_average: kaufmans,
  chande_momentum_oscillator: indicator(4, ['none', 'exponential', 'simple']),
  holt_winters: withCount(3, 'forecast', requireForecast),
  holt_winters_with_fit: withCount(3, 'forecast', requireForecast),
}

export function parametricRule(name: string): ParametricRule | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined
}
