import { malformed, refused } from '../errors.ts'
import { checkBounds } from '../extended-bounds.ts'
import { checkAggregationField, checkFieldName } from '../field-types.ts'
import { type ObjectReader, readObject, required } from '../read/object-reader.ts'
import { checkDateFormat, checkDateMs, resolveDateMs } from '../time/date-text.ts'
import { timeZoneOf } from '../time/time-zone.ts'
import type { CalendarUnit, DateHistogramAggregation, HistogramAggregation } from '../tree.ts'

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** `90s` in milliseconds, `undefined` when it is not a fixed time. A sign only where `signed`. */
export function parseDuration(text: string, signed = false): number | undefined {
  const match = /^([+-]?)(\d{1,15})(ms|s|m|h|d)$/.exec(text.trim())
  if (match === null || (!signed && match[1] !== '')) return undefined
  const ms = Number(match[2]) * (unitMs[match[3] ?? ''] ?? 1)
  return match[1] === '-' ? -ms : ms
}

const calendarUnits: Readonly<Record<string, CalendarUnit>> = {
  '1m': 'minute',
  minute: 'minute',
  '1h': 'hour',
  hour: 'hour',
  '1d': 'day',
  day: 'day',
  '1w': 'week',
  week: 'week',
  '1M': 'month',
  month: 'month',
  '1q': 'quarter',
  quarter: 'quarter',
  '1y': 'year',
  year: 'year',
}

export function parseDateHistogram(body: unknown): DateHistogramAggregation {
  const reader = readObject(body, 'date_histogram')
  const field = required(reader.text('field'), 'field', 'date_histogram')
  const interval = parseInterval(reader)
  const format = reader.text('format')
  const timeZone = reader.text('time_zone')
  const options = {
    ...bounds(reader),
    ...(format === undefined ? {} : { format: checkDateFormat(format) }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...offset(reader),
    ...missing(reader),
  }
  const minDocCount = minimum(reader)
  const keyed = reader.flag('keyed') ?? false
  checkOrder(reader)
  reader.end()
  timeZoneOf(timeZone)
  for (const value of [options.bounds?.min, options.bounds?.max, options.missing]) {
    if (typeof value === 'string') resolveDateMs(value, { nowMs: 0, format, timeZone })
    if (typeof value === 'number') checkDateMs(value, 'a time of [date_histogram]')
  }
  checkDateMs(options.offsetMs ?? 0, '[offset]')
  checkAggregationField(checkFieldName(field, 'date_histogram'), 'date_histogram', ['date'])
  return { type: 'date_histogram', field, interval, minDocCount, keyed, ...options }
}

function parseInterval(reader: ObjectReader): DateHistogramAggregation['interval'] {
  const fixed = reader.text('fixed_interval')
  const calendar = reader.text('calendar_interval')
  // Removed in Elasticsearch 8, still sent by old dashboards.
  const older = reader.text('interval')
  const text = fixed ?? calendar ?? older
  if (text === undefined || [fixed, calendar, older].filter((one) => one !== undefined).length > 1)
    throw malformed('[date_histogram] needs one of [fixed_interval], [calendar_interval]')
  const unit = Object.hasOwn(calendarUnits, text) ? calendarUnits[text] : undefined
  if (fixed === undefined && unit !== undefined) return { kind: 'calendar', unit }
  const ms = parseDuration(text)
  if (calendar !== undefined || ms === undefined || ms < 1)
    throw malformed(`The supplied interval [${text}] could not be parsed`)
  return { kind: 'fixed', ms }
}

function bounds(reader: ObjectReader): { bounds?: { min: string | number; max: string | number } } {
  const value = reader.take('extended_bounds')
  if (value === undefined) return {}
  const inner = readObject(value, 'extended_bounds')
  const [min, max] = [inner.scalar('min'), inner.scalar('max')]
  inner.end()
  if (
    min === undefined ||
    max === undefined ||
    typeof min === 'boolean' ||
    typeof max === 'boolean'
  )
    throw refused('[extended_bounds] needs [min] and [max]')
  return { bounds: { min, max } }
}

function offset(reader: ObjectReader): { offsetMs?: number } {
  const value = reader.scalar('offset')
  if (value === undefined) return {}
  // A number is cut to whole milliseconds.
  const ms = typeof value === 'number' ? Math.trunc(value) || 0 : parseDuration(`${value}`, true)
  if (ms === undefined) throw malformed(`failed to parse [offset] with value [${value}]`)
  return { offsetMs: ms }
}

function missing(reader: ObjectReader): { missing?: string | number } {
  const value = reader.scalar('missing')
  if (typeof value === 'boolean') throw malformed('[missing] must be a date')
  return value === undefined ? {} : { missing: value }
}

function minimum(reader: ObjectReader): number {
  const value = reader.number('min_doc_count') ?? 0
  if (!Number.isInteger(value) || value < 0)
    throw malformed(`[min_doc_count] must be 0 or more, found [${value}]`)
  return value
}

/** Buckets come in their natural order only. */
function checkOrder(reader: ObjectReader): void {
  const order = reader.take('order')
  if (order === undefined) return
  const inner = readObject(order, 'order')
  const key = inner.text('_key')
  inner.end()
  if (key !== 'asc') throw refused('a histogram can be ordered by [_key] [asc] only')
}

export function parseHistogram(body: unknown): HistogramAggregation {
  const reader = readObject(body, 'histogram')
  const field = required(reader.text('field'), 'field', 'histogram')
  const interval = required(reader.number('interval'), 'interval', 'histogram')
  if (interval <= 0) throw malformed('[interval] must be >0 for histogram aggregation')
  const shift = reader.number('offset')
  const absent = reader.number('missing')
  const limits = bounds(reader).bounds
  const minDocCount = minimum(reader)
  checkOrder(reader)
  reader.end()
  checkAggregationField(checkFieldName(field, 'histogram'), 'histogram', ['long', 'date'])
  return {
    type: 'histogram',
    field,
    interval,
    minDocCount,
    ...(shift === undefined ? {} : { offset: shift }),
    ...(absent === undefined ? {} : { missing: absent }),
    ...(limits === undefined ? {} : { bounds: toNumbers(limits) }),
  }
}

function toNumbers({ min, max }: { min: string | number; max: string | number }) {
  const numbers = { min: Number(min), max: Number(max) }
  if (!Number.isFinite(numbers.min) || !Number.isFinite(numbers.max))
    throw malformed('[extended_bounds] of [histogram] must be numbers')
  checkBounds(numbers)
  return numbers
}
