import { malformed, refused } from './errors.ts'
import { addLocal, floorLocal } from './rounding.ts'
import { type TimeZone, timeZoneOf, toUtcMs } from './time-zone.ts'
import type { CalendarUnit } from './tree.ts'

interface Reading {
  readonly nowMs: number
  /** Missing parts and rounding go to the last millisecond of the unit, as for `lte` and `gt`. */
  readonly roundUp?: boolean
  /** One or more of the formats below, joined by `||`; default `strict_date_optional_time||epoch_millis`. */
  readonly format?: string | undefined
  readonly timeZone?: string | undefined
}

const isoFormats = new Set([
  'strict_date_optional_time',
  'strict_date_optional_time_nanos',
  'date_optional_time',
  'strict_date_time',
  'date_time',
  'strict_date_time_no_millis',
  'date_time_no_millis',
  'strict_date',
  'date',
  'iso8601',
  'yyyy-MM-dd',
])
const epochFormats = new Map([
  ['epoch_millis', 1],
  ['epoch_second', 1000],
])

/** Throws a `SearchError` for a format Warren does not read and write. */
export function checkDateFormat(format: string): string {
  for (const one of format.split('||'))
    if (!isoFormats.has(one) && !epochFormats.has(one))
      throw refused(`date format [${one}] is not accepted`)
  return format
}

/** Milliseconds since the epoch of a date value or of date math (`now-1h/d`, `2026-08-01||+1M/d`):
 *  https://www.elastic.co/docs/reference/elasticsearch/rest-apis/common-options#date-math */
export function resolveDateMs(value: string | number, reading: Reading): number {
  const { format = 'strict_date_optional_time||epoch_millis' } = reading
  const text = String(value).trim()
  if (text === 'now' || /^now[+\-/]/.test(text))
    return applyMath(reading.nowMs, text.slice(3), reading)
  const [anchor = '', math] = splitMath(text)
  for (const one of format.split('||')) {
    const scale = epochFormats.get(one)
    const ms = scale === undefined ? parseIso(anchor, reading) : parseEpoch(anchor, scale)
    if (ms !== undefined) return math === undefined ? ms : applyMath(ms, math, reading)
  }
  throw malformed(`failed to parse date field [${text}] with format [${format}]`)
}

function splitMath(text: string): [string, string | undefined] {
  const at = text.indexOf('||')
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 2)]
}

function parseEpoch(text: string, scale: number): number | undefined {
  if (!/^-?\d{1,16}(\.\d{1,9})?$/.test(text)) return undefined
  const ms = Math.floor(Number(text) * scale)
  return Math.abs(ms) < maxDateMs ? ms : undefined
}

/** The years that a four-digit date can print. */
const maxDateMs = 253_402_300_800_000

const iso =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(?:(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?$/

function parseIso(text: string, { roundUp = false, timeZone }: Reading): number | undefined {
  const match = iso.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const part = (found: string | undefined, low: number, high: number) =>
    Number(found ?? (roundUp ? high : low))
  const monthIndex = part(month, 1, 12) - 1
  const lastDay = new Date(Date.UTC(Number(year), monthIndex + 1, 0)).getUTCDate()
  const dayOfMonth = part(day, 1, lastDay)
  const clock = [part(hour, 0, 23), part(minute, 0, 59), part(second, 0, 59)] as const
  if (monthIndex > 11 || dayOfMonth > lastDay || monthIndex < 0 || dayOfMonth < 1) return undefined
  if (clock[0] > 23 || clock[1] > 59 || clock[2] > 59) return undefined
  const ms = part(fraction?.padEnd(3, '0').slice(0, 3), 0, 999)
  const local = Date.UTC(Number(year), monthIndex, dayOfMonth, ...clock) + ms
  return toUtcMs(timeZoneOf(zone ?? timeZone), local)
}

const mathUnits: Readonly<Record<string, CalendarUnit | 'second'>> = {
  s: 'second',
  m: 'minute',
  h: 'hour',
  H: 'hour',
  d: 'day',
  w: 'week',
  M: 'month',
  y: 'year',
}

function applyMath(startMs: number, math: string, { roundUp = false, timeZone }: Reading): number {
  const zone = timeZoneOf(timeZone)
  let ms = startMs
  let at = 0
  for (const match of math.matchAll(/([+-])(\d{0,9})([smhHdwMy])|\/([smhHdwMy])/g)) {
    if (match.index !== at) break
    at += match[0].length
    const [, sign, count = '', shifted, rounded = ''] = match
    const unit = mathUnits[shifted ?? rounded] ?? 'day'
    const signed = Number(`${sign ?? ''}${count === '' ? 1 : count}`)
    ms =
      sign === undefined
        ? roundTo(ms, unit, { zone, roundUp })
        : shift(ms, unit, { zone, count: signed })
  }
  if (at !== math.length || !(Math.abs(ms) < maxDateMs))
    throw malformed(`failed to parse date math [${math}]`)
  return ms
}

type MathUnit = CalendarUnit | 'second'

function roundTo(ms: number, unit: MathUnit, how: { zone: TimeZone; roundUp: boolean }): number {
  const start = floorLocal(unit, ms + how.zone.offsetMsAt(ms))
  return how.roundUp ? toUtcMs(how.zone, addLocal(start, unit, 1)) - 1 : toUtcMs(how.zone, start)
}

function shift(ms: number, unit: MathUnit, how: { zone: TimeZone; count: number }): number {
  if (unit === 'second' || unit === 'minute' || unit === 'hour')
    return addLocal(ms, unit, how.count)
  return toUtcMs(how.zone, addLocal(ms + how.zone.offsetMsAt(ms), unit, how.count))
}

/** A date as Elasticsearch prints it in `key_as_string`, `fields` and `docvalue_fields`. */
export function formatDateMs(ms: number, format: string | undefined, timeZone?: string): string {
  const [first = ''] = (format ?? '').split('||')
  const scale = epochFormats.get(first)
  if (scale !== undefined) return String(scale === 1 ? ms : Math.floor(ms / scale))
  const offset = timeZoneOf(timeZone).offsetMsAt(ms)
  const text = new Date(ms + offset).toISOString()
  if (first === 'yyyy-MM-dd' || first === 'strict_date' || first === 'date')
    return text.slice(0, 10)
  const zone = offset === 0 ? 'Z' : formatOffset(offset)
  const noMillis = first.endsWith('_no_millis')
  return `${text.slice(0, noMillis ? 19 : 23)}${zone}`
}

function formatOffset(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  return `${offsetMs < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}
