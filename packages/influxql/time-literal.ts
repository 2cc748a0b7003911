import { zoneOffsetNs } from './zone-offset.ts'

const pattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?$/

function offsetOf(zone: string): bigint {
  if (zone === 'Z') return 0n
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))
  return BigInt(zone.startsWith('-') ? -minutes : minutes) * 60_000_000_000n
}

/** Nanoseconds since the epoch of a date, a date and time, or RFC 3339; without an offset it is in the time zone given, or UTC. */
export function parseTime(text: string, timeZone?: string): bigint | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone] = match
  const seconds = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`
  const ms = Date.parse(seconds)
  // Date.parse rolls 30 February over; InfluxDB refuses it.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== seconds.slice(0, 10))
    return undefined
  const local = BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
  if (zone !== undefined) return local - offsetOf(zone)
  if (timeZone === undefined) return local
  // The offset depends on the instant, which depends on the offset: the second look is right except within a gap.
  return local - zoneOffsetNs(timeZone, local - zoneOffsetNs(timeZone, local))
}
