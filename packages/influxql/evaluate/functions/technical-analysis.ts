import type { Value } from '../../answers/result.ts'
import type { Call } from '../../expression.ts'
import type { Points } from '../points.ts'
import type { Warmup } from './exponential-average.ts'
import {
  adaptiveAverage,
  doubleExponentialAverage,
  efficiencyRatio,
  exponentialAverage,
  type Indicator,
  momentum,
  relativeStrength,
  smoothedMomentum,
  tripleExponentialAverage,
  tripleExponentialDerivative,
} from './indicators.ts'

type Create = (period: number, warmup: Warmup | undefined) => Indicator

const warm =
  (create: (period: number, warmup: Warmup) => Indicator): Create =>
  (period, warmup = 'exponential') =>
    create(period, warmup)

/** `name(argument, period [, hold [, warm-up]])`: https://docs.influxdata.com/influxdb/v1/query_language/functions/#technical-analysis */
const indicators: ReadonlyMap<string, Create> = new Map<string, Create>([
  ['exponential_moving_average', warm(exponentialAverage)],
  ['double_exponential_moving_average', warm(doubleExponentialAverage)],
  ['triple_exponential_moving_average', warm(tripleExponentialAverage)],
  ['triple_exponential_derivative', warm(tripleExponentialDerivative)],
  ['relative_strength_index', warm(relativeStrength)],
  ['kaufmans_efficiency_ratio', (period) => efficiencyRatio(period)],
  ['kaufmans_adaptive_moving_average', (period) => adaptiveAverage(period)],
  [
    'chande_momentum_oscillator',
    (period, warmup) =>
      warmup === undefined ? momentum(period) : smoothedMomentum(period, warmup),
  ],
])

export function isIndicator(name: string): boolean {
  return indicators.has(name)
}

function integerAt({ args }: Call, position: number): number | undefined {
  const argument = args[position]
  return argument?.kind === 'integer' ? Number(argument.value) : undefined
}

function warmupOf({ args }: Call): Warmup | undefined {
  const argument = args[3]
  if (argument?.kind !== 'string' || argument.value === 'none') return undefined
  return argument.value === 'simple' ? 'simple' : 'exponential'
}

/** The points of an indicator, without those before it holds. */
export function indicatorOf(call: Call, { times, values }: Points): Points {
  const create = indicators.get(call.name)
  if (create === undefined) throw new Error(`BUG: ${call.name} is no indicator`)
  const indicator = create(integerAt(call, 1) ?? 1, warmupOf(call))
  const asked = integerAt(call, 2) ?? -1
  const hold = asked === -1 ? indicator.warmCount : asked
  const found = { times: [] as bigint[], values: [] as Value[] }
  let count = 0
  for (const [at, value] of values.entries()) {
    if (value === null) continue
    const next = indicator.add(Number(value))
    count++
    if (count <= hold) continue
    found.times.push(times[at] ?? 0n)
    found.values.push(next)
  }
  return found
}
