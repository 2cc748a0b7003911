const formats = new Map<string, Intl.DateTimeFormat>()
const nsInMs = 1_000_000n

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  formats.set(timeZone, format)
  return format
}

/** Nanoseconds to add to UTC for the local time of an instant. */
export function zoneOffsetNs(timeZone: string, ns: bigint): bigint {
  const parts = formatOf(timeZone).formatToParts(Number(ns / nsInMs))
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const match = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name)
  if (match === null) return 0n
  const [, sign, hours, minutes, seconds = '0'] = match
  const total = BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds))
  return (sign === '-' ? -total : total) * 1_000_000_000n
}
