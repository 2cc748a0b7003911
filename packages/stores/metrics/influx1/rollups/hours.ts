import type { RollupName } from '@warren/influxql/rollup-policy'
import { rollupPolicies } from '../../../rollup-policies.ts'
import type { StaleTenant } from './read-marks.ts'

const hourSeconds = 3600

/** What one hour of a tenant lacks. */
export interface StaleHour {
  /** Counted from the epoch. */
  readonly hour: number
  /** By policy: windows, counted from the epoch. */
  readonly windows: ReadonlyMap<RollupName, readonly number[]>
  /** When the one that waits longest was over or lacked a point, ms since the epoch. */
  readonly sinceMs: number
}

export const dayOf = ({ hour }: StaleHour): number => Math.floor(hour / 24)

/** The newest first. */
export function hoursOf({ windows }: StaleTenant): readonly StaleHour[] {
  const hours = new Map<number, { windows: Map<RollupName, number[]>; sinceMs: number }>()
  for (const { name, width } of rollupPolicies)
    for (const [window, since] of windows.get(name) ?? []) {
      const number = Math.floor((window * width) / hourSeconds)
      const hour = hours.get(number) ?? { windows: new Map(), sinceMs: Number.POSITIVE_INFINITY }
      hours.set(number, hour)
      hour.windows.set(name, [...(hour.windows.get(name) ?? []), window])
      hour.sinceMs = Math.min(hour.sinceMs, Math.max(since, (window + 1) * width * 1000))
    }
  return [...hours].map(([hour, rest]) => ({ hour, ...rest })).sort((a, b) => b.hour - a.hour)
}

/** Parts of at most `maxWindows` in a row that hold all the windows; one between two of them is made along with them. */
export function partsOf(
  windows: readonly number[],
  maxWindows: number,
): readonly { readonly first: number; readonly last: number }[] {
  const parts: { first: number; last: number }[] = []
  for (const window of [...windows].sort((a, b) => a - b)) {
    const part = parts.at(-1)
    if (part !== undefined && window - part.first < maxWindows) part.last = window
    else parts.push({ first: window, last: window })
  }
  return parts
}
