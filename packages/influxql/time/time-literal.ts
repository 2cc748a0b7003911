import { zoneOffsetNs } from './zone-offset.ts'

/** An instant and the offset in which it was written; for what it is compared with, the instant alone counts. */
export interface WrittenTime {
  readonly ns: bigint
  readonly offsetNs: bigint
}

const secondNs = 1_000_000_000n
const date = /^(\d{4})-(\d\d)-(\d\d)$/
// As Go's time.Parse reads the reference's layouts: an hour may have one digit, a space may be several, a fraction any number of digits.
const time = String.raw`(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?`
const dateAndTime = new RegExp(String.raw`^(\d{4})-(\d\d)-(\d\d) +${time}$`)
const rfc3339 = new RegExp(String.raw`^(\d{4})-(\d\d)-(\d\d)T${time}(Z|[+-]\d\d:\d\d)$`)

/** Whether InfluxDB takes a text for a time; it may still be none. */
export function isTimeText(text: string): boolean {
  return /^\d{4}-\d\d-\d\d(?:$|.)/.test(text)
}

/** A date, a date and time with a space between, or RFC 3339; without an offset it is in the time zone given, or UTC. Undefined: it is no time. */
export function parseWrittenTime(text: string, timeZone?: string): WrittenTime | undefined {
  const match = date.exec(text) ?? dateAndTime.exec(text) ?? rfc3339.exec(text)
  if (match === null) return undefined
  const local = localNs(match)
  if (local === undefined) return undefined
  const zone = match[8]
  const offsetNs = zone === undefined ? offsetIn(timeZone, local) : offsetOf(zone)
  return offsetNs === undefined ? undefined : { ns: local - offsetNs, offsetNs }
}

/** Nanoseconds since the epoch of such a text. */
export function parseTime(text: string, timeZone?: string): bigint | undefined {
  return parseWrittenTime(text, timeZone)?.ns
}

function localNs(match: readonly (string | undefined)[]): bigint | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = ''] = match
  const seconds = `${year}-${month}-${day}T${hour.padStart(2, '0')}:${minute}:${second}Z`
  const ms = Date.parse(seconds)
  // Date.parse rolls 30 February and 24:00 over; InfluxDB refuses both.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== seconds.slice(0, 19))
    return undefined
  return BigInt(ms) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'))
}

/** Undefined: no clock has it. */
function offsetOf(zone: string): bigint | undefined {
  if (zone === 'Z') return 0n
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4, 6))]
  if (hours > 24 || minutes > 60) return undefined
  const seconds = BigInt(hours * 3600 + minutes * 60)
  return (zone.startsWith('-') ? -seconds : seconds) * secondNs
}

/** The offset depends on the instant, which depends on the offset: the second look is right except within a gap. */
function offsetIn(timeZone: string | undefined, local: bigint): bigint {
  if (timeZone === undefined) return 0n
  return zoneOffsetNs(timeZone, local - zoneOffsetNs(timeZone, local))
}

/** RFC 3339 in UTC, with a fraction only where there is one. */
export function printTime(ns: bigint): string {
  const [seconds, fraction] = apart(ns)
  const digits = String(fraction).padStart(9, '0').replace(/0+$/, '')
  return `${printSeconds(seconds)}${digits === '' ? '' : `.${digits}`}Z`
}

/** RFC 3339 as it was written, to the second. */
export function printWrittenTime({ ns, offsetNs }: WrittenTime): string {
  const minutes = offsetNs / (60n * secondNs)
  const printed = printSeconds(apart(ns + offsetNs)[0])
  if (offsetNs === 0n) return `${printed}Z`
  const [hour, minute] = [minutes / 60n, minutes % 60n].map((part) =>
    String(part < 0n ? -part : part).padStart(2, '0'),
  )
  return `${printed}${minutes < 0n ? '-' : '+'}${hour}:${minute}`
}

const printSeconds = (seconds: bigint): string =>
  new Date(Number(seconds) * 1000).toISOString().slice(0, -5)

/** Whole seconds, rounded down, and the nanoseconds over. */
function apart(ns: bigint): readonly [bigint, bigint] {
  const fraction = ((ns % secondNs) + secondNs) % secondNs
  return [(ns - fraction) / secondNs, fraction]
}
