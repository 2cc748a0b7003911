import { bucketAround } from '@warren/influxql/evaluate/windows/buckets'
import { rollupStepNs } from '@warren/influxql/rollup-policy'
import type { SelectStatement } from '@warren/influxql/tree'
import type { Rolled } from './plan.ts'
import { toPointsSelect, toRollupSelect } from './rollup-select.ts'

/** What a rollup is asked for: its windows of which all lies in the range, before the border. */
export function rollupPart({ rollable, policy, range, borderNs }: Rolled): SelectStatement {
  const last = range.maxNs + 1n - rollupStepNs[policy]
  const maxNs = borderNs === undefined || last < borderNs ? last : borderNs - 1n
  return toRollupSelect(rollable, policy, { minNs: range.minNs, maxNs })
}

/** The points from the window of a moment on. */
export function pointsPart({ rollable, range }: Rolled, fromNs: bigint): SelectStatement {
  const { start } = bucketAround(fromNs, rollable.interval)
  const minNs = start < range.minNs ? range.minNs : start
  return toPointsSelect(rollable, { minNs, maxNs: range.maxNs })
}
