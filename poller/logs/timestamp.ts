/** RFC 3339: https://www.rfc-editor.org/rfc/rfc3339#section-5.6, with a space or a `T`, up to nanoseconds. */
const rfc3339 =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9})\d*)?([Zz]|[+-]\d{2}:?\d{2})$/

/** `YYYY-MM-DDTHH:MM:SS[.fffffffff]Z` and its milliseconds; undefined when the text is not a time. */
export interface UtcTime {
  readonly text: string
  readonly ms: number
}

export function parseUtcTime(text: string): UtcTime | undefined {
  const match = rfc3339.exec(text)
  if (match === null) return undefined
  const [, day = '', clock = '', fraction = '', zone = 'Z'] = match
  const second = secondOf(day, clock, zone)
  if (second === undefined) return undefined
  const ms = second.ms + Math.floor(Number(fraction.padEnd(3, '0').slice(0, 3)))
  return { text: `${second.text}${fraction === '' ? '' : `.${fraction}`}Z`, ms }
}

interface Second {
  /** Without fraction and zone. */
  readonly text: string
  readonly ms: number
}

/** Neighbouring records mostly share their second, and reading one costs more than all else of a time. */
let last: Second & { readonly day: string; readonly clock: string; readonly zone: string } = {
  day: '',
  clock: '',
  zone: '',
  text: '',
  ms: 0,
}

function secondOf(day: string, clock: string, zone: string): Second | undefined {
  if (clock === last.clock && day === last.day && zone === last.zone) return last
  const isUtc = zone === 'Z' || zone === 'z'
  const colon = zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`
  const ms = Date.parse(`${day}T${clock}${isUtc ? 'Z' : colon}`)
  if (Number.isNaN(ms)) return undefined
  const text = new Date(ms).toISOString().slice(0, 19)
  // `2026-02-30` is taken by Date.parse and moved into March.
  if (isUtc && text !== `${day}T${clock}`) return undefined
  last = { day, clock, zone, text, ms }
  return last
}

/** Nanoseconds since the epoch as such a text. */
export function toUtcTime(timeNs: bigint): UtcTime | undefined {
  const seconds = Number(timeNs / 1_000_000_000n)
  if (timeNs < 0n || seconds > 8.64e12) return undefined
  const fraction = String(timeNs % 1_000_000_000n).padStart(9, '0')
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19)
  return { text: `${whole}.${fraction}Z`, ms: seconds * 1000 + Number(fraction.slice(0, 3)) }
}
