import { malformed, refused } from '../errors.ts'
import type { CalendarUnit } from '../tree.ts'
import { defaultDateFormat, isIsoFormat, isReadBy, readDate } from './date-formats.ts'
import { addLocal, floorLocal } from './rounding.ts'
import { type TimeZone, timeZoneOf, toUtcMs, utc, writtenToUtcMs } from './time-zone.ts'

interface Reading {
  readonly nowMs: number
  /** Missing parts of the clock and rounding go to the last millisecond of the unit, as for `lte` and `gt`; a missing month or day is the first all the same. */
  readonly roundUp?: boolean
  /** One or more of the formats below, joined by `||`; default `strict_date_optional_time||epoch_millis`. */
  readonly format?: string | undefined
  readonly timeZone?: string | undefined
}

const epochFormats = new Map([
  ['epoch_millis', 1],
  ['epoch_second', 1000],
])

/** Throws a `SearchError` for a format Warren does not read and write. */
export function checkDateFormat(format: string): string {
  for (const one of format.split('||'))
    if (!isIsoFormat(one) && !epochFormats.has(one))
      throw refused(`date format [${one}] is not accepted`)
  return format
}

/** A moment: milliseconds since the epoch, and what is below them. */
export interface Moment {
  readonly ms: number
  /** 0 to 999,999 nanoseconds. */
  readonly nanos: number
}

/** Milliseconds since the epoch (floor) of a date value or of date math. */
export function resolveDateMs(value: string | number, reading: Reading): number {
  return resolveDate(value, reading).ms
}

/** The moment of a date value or of date math (`now-1h/d`, `2026-08-01||+1M/d`):
 *  https://www.elastic.co/docs/reference/elasticsearch/rest-apis/common-options#date-math */
export function resolveDate(value: string | number, reading: Reading): Moment {
  const { format = defaultDateFormat } = reading
  const text = String(value).trim()
  if (text === 'now' || /^now[+\-/]/.test(text))
    return applyMath({ ms: reading.nowMs, nanos: 0 }, text.slice(3), reading)
  const [anchor = '', math] = splitMath(text)
  // What is calculated with begins where it is written to begin.
  const anchorReading = math === undefined ? reading : { ...reading, roundUp: false }
  for (const one of format.split('||')) {
    const scale = epochFormats.get(one)
    const moment =
      scale === undefined
        ? parseIso(anchor, one, anchorReading)
        : parseEpoch(anchor, scale, anchorReading)
    if (moment !== undefined) return math === undefined ? moment : applyMath(moment, math, reading)
  }
  throw malformed(`failed to parse date field [${text}] with format [${format}]`)
}

/** What a moment without its own digits has below the millisecond. */
function unknownNanos({ roundUp = false }: Reading): number {
  return roundUp ? 999_999 : 0
}

function splitMath(text: string): [string, string | undefined] {
  const at = text.indexOf('||')
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 2)]
}

function parseEpoch(text: string, scale: number, reading: Reading): Moment | undefined {
  if (!/^-?\d{1,16}(\.\d{1,9})?$/.test(text)) return undefined
  const ms = Math.floor(Number(text) * scale)
  return Math.abs(ms) < maxDateMs ? { ms, nanos: unknownNanos(reading) } : undefined
}

/** The years that a four-digit date can print. */
const minDateMs = -62_167_219_200_000
const maxDateMs = 253_402_300_800_000

/** A number that is a time, or how far one is moved, within these years. Throws a `SearchError`. */
export function checkDateMs(ms: number, what: string): void {
  if (!(Math.abs(ms) < maxDateMs)) throw malformed(`${what} is out of range: [${ms}]`)
}

function parseIso(text: string, format: string, reading: Reading): Moment | undefined {
  const { roundUp = false, timeZone } = reading
  const date = readDate(text)
  if (date === undefined || !isReadBy(format, date)) return undefined
  const [year, month = '1', day = '1', hour, minute, second, fraction] = date.digits
  const part = (found: string | undefined, low: number, high: number) =>
    Number(found ?? (roundUp ? high : low))
  const monthIndex = Number(month) - 1
  const lastDay = new Date(Date.UTC(Number(year), monthIndex + 1, 0)).getUTCDate()
  const dayOfMonth = Number(day)
  const clock = [part(hour, 0, 23), part(minute, 0, 59), part(second, 0, 59)] as const
  if (monthIndex > 11 || dayOfMonth > lastDay || monthIndex < 0 || dayOfMonth < 1) return undefined
  if (clock[0] > 23 || clock[1] > 59 || clock[2] > 59) return undefined
  const ms = part(fraction?.padEnd(3, '0').slice(0, 3), 0, 999)
  const local = Date.UTC(Number(year), monthIndex, dayOfMonth, ...clock) + ms
  const nanos =
    fraction === undefined ? unknownNanos(reading) : Number(fraction.padEnd(9, '0').slice(3))
  return { ms: writtenToUtcMs(timeZoneOf(date.zone ?? timeZone), local), nanos }
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

function applyMath(start: Moment, math: string, reading: Reading): Moment {
  let moment = start
  let at = 0
  for (const match of math.matchAll(/([+-])(\d{0,9})([smhHdwMy])|\/([smhHdwMy])/g)) {
    if (match.index !== at) break
    at += match[0].length
    moment = applyStep(moment, match, reading)
  }
  if (at !== math.length || !(Math.abs(moment.ms) < maxDateMs))
    throw malformed(`failed to parse date math [${math}]`)
  return moment
}

function applyStep(
  { ms, nanos }: Moment,
  [, sign, count = '', shifted, rounded = '']: RegExpExecArray,
  reading: Reading,
): Moment {
  const { roundUp = false } = reading
  const zone = timeZoneOf(reading.timeZone)
  const unit = mathUnits[shifted ?? rounded] ?? 'day'
  if (sign === undefined)
    return { ms: roundTo(ms, unit, { zone, roundUp }), nanos: unknownNanos(reading) }
  return { ms: shift(ms, unit, { zone, count: Number(`${sign}${count || 1}`) }), nanos }
}

type MathUnit = CalendarUnit | 'second'

function roundTo(ms: number, unit: MathUnit, how: { zone: TimeZone; roundUp: boolean }): number {
  const start = floorLocal(unit, ms + how.zone.offsetMsAt(ms))
  return how.roundUp ? toUtcMs(how.zone, addLocal(start, unit, 1)) - 1 : toUtcMs(how.zone, start)
}

function shift(ms: number, unit: MathUnit, how: { zone: TimeZone; count: number }): number {
  if (unit === 'second' || unit === 'minute' || unit === 'hour')
    return addLocal(ms, unit, how.count)
  return writtenToUtcMs(how.zone, addLocal(ms + how.zone.offsetMsAt(ms), unit, how.count))
}

/** A date of whole milliseconds as Elasticsearch prints it in `key_as_string` and `value_as_string`. */
export function formatDateMs(ms: number, format: string | undefined, zone = utc): string {
  return formatDate({ ms, nanos: 0 }, format, zone)
}

/** Those that print what is below milliseconds; the last is that of the mapping. */
const nanoFormats = new Set(['strict_date_time', 'strict_date_optional_time_nanos', ''])

/** A date as Elasticsearch prints it in `fields` and `docvalue_fields`, by the first of its formats. */
export function formatDate({ ms, nanos }: Moment, format: string | undefined, zone = utc): string {
  const [first = ''] = (format ?? '').split('||')
  const scale = epochFormats.get(first)
  if (scale !== undefined) return formatEpoch({ ms, nanos }, scale)
  const offset = zone.offsetMsAt(ms)
  const [day = '', clock = ''] = wallClock(ms + offset).split('T')
  if (first === 'yyyy-MM-dd' || first === 'strict_date' || first === 'date') return day
  const written = offset === 0 ? 'Z' : formatOffset(offset)
  if (first.endsWith('_no_millis')) return `${day}T${clock.slice(0, 8)}${written}`
  return `${day}T${clock.slice(0, 12)}${nanoFormats.has(first) ? fractionOf(nanos, 6) : ''}${written}`
}

/** Of so many digits, without the zeros at its end. */
const fractionOf = (value: number, digits: number): string =>
  value === 0 ? '' : String(value).padStart(digits, '0').replace(/0+$/, '')

/** What is not whole is a fraction with as many digits as it needs. */
function formatEpoch({ ms, nanos }: Moment, scale: number): string {
  const size = Math.abs(ms)
  const below = (size % scale) * 1_000_000 + nanos
  const fraction = fractionOf(below, scale === 1 ? 6 : 9)
  const whole = `${ms < 0 ? '-' : ''}${Math.floor(size / scale)}`
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** After so long the calendar is the same again. */
const cycle = { years: 400, ms: 146_097 * 86_400_000 }

/** Any number as a time, since sums of times are printed too: a year beyond four digits has a sign, and one beyond 64 bits of milliseconds is the last, as Java has them. */
function wallClock(localMs: number): string {
  if (localMs >= minDateMs && localMs < maxDateMs) return new Date(localMs).toISOString()
  const ms = Math.min(Math.max(localMs, -(2 ** 63)), 2 ** 63)
  const cycles = Math.floor(ms / cycle.ms)
  // A remainder is exact where a product is not.
  const within = (((ms % cycle.ms) + cycle.ms) % cycle.ms) - Number(ms === 2 ** 63)
  const text = new Date(within).toISOString()
  const year = Number(text.slice(0, 4)) + cycles * cycle.years
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(4, '0')}${text.slice(4)}`
}

function formatOffset(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  return `${offsetMs < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}
