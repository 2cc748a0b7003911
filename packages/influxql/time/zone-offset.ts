import { localZone } from './time-zone.ts'

const formats = new Map<string, Intl.DateTimeFormat>()
const nsInMs = 1_000_000n

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const zone = timeZone === localZone ? {} : { timeZone }
  const format = new Intl.DateTimeFormat('en', { ...zone, timeZoneName: 'longOffset' })
  formats.set(timeZone, format)
  return format
}

// No zone has changed its offset within a quarter of an hour of the clock in a century.
const quarterNs = 900_000_000_000n
const mostKnown = 20_000
const known = new Map<string, bigint>()

/** Nanoseconds to add to UTC for the local time of an instant. */
export function zoneOffsetNs(timeZone: string, ns: bigint): bigint {
  const key = `${timeZone} ${ns / quarterNs}`
  const cached = known.get(key)
  if (cached !== undefined) return cached
  const offset = findOffset(timeZone, ns)
  if (known.size >= mostKnown) known.clear()
  known.set(key, offset)
  return offset
}

function findOffset(timeZone: string, ns: bigint): bigint {
  const parts = formatOf(timeZone).formatToParts(Number(ns / nsInMs))
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const match = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name)
  if (match === null) return 0n
  const [, sign, hours, minutes, seconds = '0'] = match
  const total = BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds))
  return (sign === '-' ? -total : total) * 1_000_000_000n
}
