import { printMeasurement } from '@warren/influxql/print/clauses'
import { type RollupName, rollupNames } from '@warren/influxql/rollup-policy'
import { Refusal } from '../../http/refusal.ts'
import type { KeptTimes } from './kept-times.ts'
import type { Missing } from './plan.ts'

const toDate = (ns: bigint): string =>
  `${new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19)}Z`

/** The finest rollup that has a moment, or the one that reaches back furthest. */
function rollupAt(ns: bigint, { rollupsNs }: KeptTimes): RollupName {
  const furthest = rollupNames.toSorted((a, b) => (rollupsNs[a] < rollupsNs[b] ? -1 : 1))[0]
  return rollupNames.find((name) => rollupsNs[name] <= ns) ?? furthest ?? rollupNames[0]
}

/** Why a query that reaches beyond the points is not answered, and how it would be. */
export function beyondRetention(
  what: string,
  [missing]: readonly Missing[],
  kept: KeptTimes,
): Refusal {
  const policy = rollupAt(missing?.range.minNs ?? 0n, kept)
  const named = printMeasurement({ ...(missing?.source ?? { kind: 'measurement' }), policy })
  return new Refusal(
    'beyond_retention',
    `points are kept from ${toDate(kept.pointsNs)} on, and what is older as rollups, which do not answer ${what}; begin the range there, ask for min, max, count, sum, mean or last of fields by GROUP BY time(${policy}) or a multiple of it, or name a rollup: FROM ${named}`,
  )
}
