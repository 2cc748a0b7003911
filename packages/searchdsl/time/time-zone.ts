import { malformed } from '../errors.ts'

/** Wall-clock arithmetic: a zone is `Z`, `UTC`, `+02:00` or an IANA name. Times are milliseconds; "local" ones are a wall clock read as if it were UTC. */
export interface TimeZone {
  offsetMsAt(utcMs: number): number
}

export const utc: TimeZone = { offsetMsAt: () => 0 }

/** Named zones as they are used, by their names in lower case; the order is that of use, oldest first. */
const kept = new Map<string, TimeZone>()
/** What dashboards show at one time is a few zones; each keeps up to 10,000 offsets. */
const mostKept = 50

/** Throws a `SearchError` for an unknown zone. To make one again costs what a hundred moments in it do: ask once for what has many. */
export function timeZoneOf(name: string | undefined): TimeZone {
  if (name === undefined || /^(z|utc|gmt|etc\/utc)$/i.test(name)) return utc
  return fixedZone(name) ?? namedZone(name)
}

function namedZone(name: string): TimeZone {
  const key = name.toLowerCase()
  const zone = kept.get(key) ?? ianaZone(name)
  kept.delete(key)
  kept.set(key, zone)
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) break
    kept.delete(oldest)
  }
  return zone
}

function fixedZone(name: string): TimeZone | undefined {
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(name)
  if (match === null) return undefined
  const ms = (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60_000
  if (ms > 18 * 3_600_000) throw malformed(`unknown time zone [${name}]`)
  const offset = match[1] === '-' ? -ms : ms
  return { offsetMsAt: () => offset }
}

function ianaZone(name: string): TimeZone {
  const format = formatOf(name)
  const offsets = new Map<number, number>()
  return {
    offsetMsAt: (utcMs) => {
      // Zones change on a quarter of an hour at the finest.
      const slot = Math.floor(utcMs / 900_000)
      const known = offsets.get(slot)
      if (known !== undefined) return known
      const offset = localMs(format, slot * 900_000) - slot * 900_000
      if (offsets.size > 10_000) offsets.clear()
      offsets.set(slot, offset)
      return offset
    },
  }
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    throw malformed(`unknown time zone [${name}]`)
  }
}

function localMs(format: Intl.DateTimeFormat, utcMs: number): number {
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(utcMs)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** The instant at which the zone's wall clock shows `localMs`; of two, the earlier; in a gap, the moment of the change. */
export function toUtcMs(zone: TimeZone, localMs: number): number {
  const { early, late, shown } = instantsOf(zone, localMs)
  if (shown !== undefined) return shown
  let low = early
  let high = late
  const offset = zone.offsetMsAt(low)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (zone.offsetMsAt(middle) === offset) low = middle
    else high = middle
  }
  return high
}

/** The same of a time that somebody wrote: in a gap, as much later as the clock was set forward, which is how Java reads it. */
export function writtenToUtcMs(zone: TimeZone, localMs: number): number {
  const { late, shown } = instantsOf(zone, localMs)
  return shown ?? late
}

/** By the offsets before and after any change that is near, and the one of these that is so. */
function instantsOf(zone: TimeZone, localMs: number) {
  const before = zone.offsetMsAt(localMs - 86_400_000)
  const after = zone.offsetMsAt(localMs + 86_400_000)
  const early = localMs - Math.max(before, after)
  const late = localMs - Math.min(before, after)
  const shown = [early, late].find((utcMs) => utcMs + zone.offsetMsAt(utcMs) === localMs)
  return { early, late, shown }
}
