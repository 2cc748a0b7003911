import type { Value } from '../../answers/result.ts'
import type { Call } from '../../expression.ts'
import type { ExtraPlan } from '../call-plan.ts'
import type { Points } from '../points.ts'
import { forecast } from './holt-winters.ts'

export const isForecast = (name: string): boolean =>
  name === 'holt_winters' || name === 'holt_winters_with_fit'

function numberOf({ args }: Call, position: number): number {
  const argument = args[position]
  return argument?.kind === 'integer' ? Number(argument.value) : 0
}

/** `holt_winters(call, N, S)`: N points after the last one of the call, and those that fit the others when it is `…_with_fit`. */
export function forecastPoints(call: Call, points: Points, { windows }: ExtraPlan): Points {
  const intervalNs = windows.interval?.intervalNs ?? 0n
  const times: bigint[] = []
  const values: number[] = []
  for (const [at, value] of points.values.entries()) {
    if (value === null) continue
    times.push(points.times[at] ?? 0n)
    values.push(Number(value))
  }
  const found = forecast(
    { times, values },
    {
      intervalNs,
      count: numberOf(call, 1),
      season: numberOf(call, 2),
      withFit: call.name === 'holt_winters_with_fit',
    },
  )
  return { times: found.times, values: found.values satisfies readonly Value[] }
}
