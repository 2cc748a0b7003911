import type { Call } from '../../expression.ts'
import { minTimeNs } from '../../time-range.ts'
import type { CallPlan } from '../call-plan.ts'
import { isStoredFloat, isStoredNumber } from '../expressions/field-value.ts'
import type { Needs } from '../source.ts'
import { isStreamFunction } from './stream.ts'

/** What a source would have to aggregate so that no value need be read; undefined when the calls need the values themselves. */
export function pushedNeeds(calls: readonly Call[], plan: CallPlan): Needs | undefined {
  const { windows, loaded, matches, needsRows, table } = plan
  const { minNs, maxNs } = windows.range
  const isWhole = loaded.minNs === minNs && loaded.maxNs === maxNs
  const isBounded = windows.interval !== undefined && minNs !== minTimeNs && minNs <= maxNs
  if (calls.length === 0 || !isWhole || !isBounded || needsRows || matches !== undefined)
    return undefined
  const isPlain = ({ name, args: [argument, ...others] }: Call) => {
    if (others.length > 0 || argument?.kind !== 'reference') return false
    if (name === 'median') return isStoredFloat(argument, table)
    return isStreamFunction(name) && isStoredNumber(argument, table)
  }
  if (!calls.every(isPlain)) return undefined
  const names = new Set(calls.map(({ name }) => name))
  return {
    sums: names.has('sum') || names.has('mean'),
    extremes: names.has('min') || names.has('max') || names.has('spread'),
    medians: names.has('median'),
  }
}
