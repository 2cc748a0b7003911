import { timeZoneOf } from '@warren/searchdsl/time/time-zone'
import type {
  Aggregation,
  DateHistogramAggregation,
  NamedAggregation,
} from '@warren/searchdsl/tree'
import { keywordColumns } from './table.ts'

/** Rows that no aggregation can tell apart, counted by SQL. */
export interface PushedGroups {
  /** Milliseconds that times are floored to; undefined when no aggregation reads the time. */
  readonly stepMs: number | undefined
  /** Columns that tell rows apart, with the field each holds. */
  readonly keys: readonly { readonly field: string; readonly column: string }[]
}

/** Every offset of a named time zone since 1972 is a multiple of it. */
const quarterHourMs = 900_000

/** Undefined when an aggregation needs the rows themselves. */
export function pushedGroups(aggs: readonly NamedAggregation[]): PushedGroups | undefined {
  const all = aggs.flatMap(withChildren)
  const steps = all.flatMap((aggregation) =>
    aggregation.type === 'date_histogram' ? stepsOf(aggregation) : [],
  )
  const terms = new Set(all.flatMap((one) => (one.type === 'terms' ? [one.field] : [])))
  const keys = keywordColumns.filter(({ field }) => terms.has(field))
  if (keys.length < terms.size || !all.every(readsGroups)) return undefined
  return { stepMs: steps.length === 0 ? undefined : steps.reduce(gcd), keys }
}

const withChildren = ({ aggregation, children }: NamedAggregation): readonly Aggregation[] => [
  aggregation,
  ...children.flatMap(withChildren),
]

const readsGroups = (aggregation: Aggregation): boolean =>
  aggregation.type === 'terms' ||
  (aggregation.type === 'date_histogram' && aggregation.field === '@timestamp')

/** Times may be floored to a common divisor of these without changing a bucket. */
function stepsOf({ interval, timeZone, offsetMs = 0 }: DateHistogramAggregation): number[] {
  const isMinute = interval.kind === 'calendar' && interval.unit === 'minute'
  const width = interval.kind === 'fixed' ? interval.ms : isMinute ? 60_000 : quarterHourMs
  const shifts = [Math.abs(offsetMs), ...zoneSteps(timeZone)]
  return [width, ...shifts.filter((ms) => ms !== 0)]
}

/** One that is written as an offset may be of any minutes, and is the same at any time. */
function zoneSteps(timeZone: string | undefined): number[] {
  if (timeZone === undefined) return []
  return [quarterHourMs, Math.abs(timeZoneOf(timeZone).offsetMsAt(Date.UTC(2000, 0)))]
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
