import { type RollupName, rollupStepNs } from '@warren/influxql/rollup-policy'

/** A resolution that old points are kept at. */
export interface RollupPolicy {
  /** What queries call it: `FROM "5m"."cpu"`. */
  readonly name: RollupName
  /** Of one window, seconds; divides a day. */
  readonly width: number
  /** Whole days kept unless the tenant has said otherwise. */
  readonly days: number
}

const secondsOf = (name: RollupName): number => Number(rollupStepNs[name] / 1_000_000_000n)

/** The finest first. */
export const rollupPolicies: readonly RollupPolicy[] = [
  { name: '5m', width: secondsOf('5m'), days: 180 },
  { name: '1h', width: secondsOf('1h'), days: 730 },
]

/** What a window keeps of a field `v` of numbers, as the field `v_min`, …; of strings and booleans it keeps `last` alone. */
export const aggregates = ['min', 'max', 'sum', 'count', 'last'] as const

/** Whole days of rollups that a tenant keeps. */
export type RollupDays = Readonly<Record<RollupName, number>>

/** What is kept of a resolution: never less than of raw points. */
export const rollupDaysOf = (
  { name, days }: RollupPolicy,
  kept: { readonly days: number; readonly rollupDays?: RollupDays | undefined },
): number => Math.max(kept.rollupDays?.[name] ?? days, kept.days)
