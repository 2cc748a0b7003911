import type { CalendarUnit, DateHistogramAggregation } from '../tree.ts'
import { type TimeZone, timeZoneOf, toUtcMs } from './time-zone.ts'

/** How a date histogram cuts time, as Elasticsearch's `Rounding` does. All times are UTC milliseconds. */
export interface Rounding {
  /** Start of the bucket that holds this moment. */
  floor(utcMs: number): number
  /** Start of the bucket after the one that starts here. */
  next(keyMs: number): number
}

export function roundingOf(
  aggregation: Pick<DateHistogramAggregation, 'interval' | 'timeZone' | 'offsetMs'>,
): Rounding {
  const { interval, timeZone, offsetMs = 0 } = aggregation
  const zone = timeZoneOf(timeZone)
  const plain =
    interval.kind === 'fixed'
      ? fixedRounding(interval.ms, timeZone === undefined ? undefined : zone)
      : calendarRounding(interval.unit, zone)
  if (offsetMs === 0) return plain
  return {
    floor: (utcMs) => plain.floor(utcMs - offsetMs) + offsetMs,
    next: (keyMs) => plain.next(keyMs - offsetMs) + offsetMs,
  }
}

function fixedRounding(ms: number, zone: TimeZone | undefined): Rounding {
  if (zone === undefined)
    return { floor: (utcMs) => Math.floor(utcMs / ms) * ms, next: (keyMs) => keyMs + ms }
  const floor = (utcMs: number) => {
    const offset = zone.offsetMsAt(utcMs)
    const local = Math.floor((utcMs + offset) / ms) * ms
    const sameOffset = local - offset
    return zone.offsetMsAt(sameOffset) === offset
      ? sameOffset
      : Math.min(toUtcMs(zone, local), utcMs)
  }
  return { floor, next: (keyMs) => following(floor, keyMs, ms) }
}

export function calendarRounding(unit: CalendarUnit, zone: TimeZone): Rounding {
  if (unit === 'minute' || unit === 'hour')
    return fixedRounding(unit === 'minute' ? 60_000 : 3_600_000, zone)
  return {
    floor: (utcMs) => toUtcMs(zone, floorLocal(unit, utcMs + zone.offsetMsAt(utcMs))),
    next: (keyMs) => {
      const local = floorLocal(unit, keyMs + zone.offsetMsAt(keyMs))
      return toUtcMs(zone, addLocal(local, unit, 1))
    },
  }
}

/** A bucket beside a change of the clock may be longer or shorter than the interval. */
function following(floor: (utcMs: number) => number, keyMs: number, ms: number): number {
  for (let moment = keyMs + ms; ; moment += ms) {
    const key = floor(moment)
    if (key > keyMs) return key
  }
}

/** Start of the unit on a wall clock; weeks start on Monday. */
export function floorLocal(unit: CalendarUnit | 'second', localMs: number): number {
  const date = new Date(localMs)
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth()
  switch (unit) {
    case 'second':
      return Math.floor(localMs / 1000) * 1000
    case 'minute':
      return Math.floor(localMs / 60_000) * 60_000
    case 'hour':
      return Math.floor(localMs / 3_600_000) * 3_600_000
    case 'day':
      return Math.floor(localMs / 86_400_000) * 86_400_000
    case 'week':
      // 1970-01-05 was a Monday.
      return Math.floor((localMs - 345_600_000) / 604_800_000) * 604_800_000 + 345_600_000
    case 'month':
      return Date.UTC(year, month, 1)
    case 'quarter':
      return Date.UTC(year, month - (month % 3), 1)
    case 'year':
      return Date.UTC(year, 0, 1)
  }
}

const fixedUnitMs = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
}

/** A later or earlier wall clock; the last day of a shorter month stands in for a day it lacks. */
export function addLocal(localMs: number, unit: CalendarUnit | 'second', count: number): number {
  if (unit !== 'month' && unit !== 'quarter' && unit !== 'year')
    return localMs + count * fixedUnitMs[unit]
  const months = count * { month: 1, quarter: 3, year: 12 }[unit]
  const date = new Date(localMs)
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)
  const target = new Date(first)
  const lastDay = new Date(
    Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0),
  ).getUTCDate()
  const day = Math.min(date.getUTCDate(), lastDay)
  return first + (day - 1) * 86_400_000 + (localMs - floorLocal('day', localMs))
}
