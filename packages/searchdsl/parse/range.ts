import { malformed, refused } from '../errors.ts'
import { checkFieldName, checkNumber, checkValueField, fieldType } from '../field-types.ts'
import { dropScoring, type ObjectReader, readObject } from '../read/object-reader.ts'
import { checkDateFormat, resolveDateMs } from '../time/date-text.ts'
import { timeZoneOf } from '../time/time-zone.ts'
import type { RangeQuery } from '../tree.ts'

type Bounds = Pick<RangeQuery, 'gt' | 'gte' | 'lt' | 'lte'>

/** `{field: {gte, lt, …, format, time_zone}}`, with the older `from`, `to`, `include_lower`, `include_upper`. */
export function parseRange(body: unknown): RangeQuery {
  const outer = readObject(body, 'range')
  const [name, more] = outer.rest()
  if (name === undefined || more !== undefined)
    throw malformed('[range] query needs exactly one field')
  const field = checkFieldName(name, 'range')
  const reader = readObject(outer.take(name), 'range')
  const bounds = { ...olderBounds(reader), ...newerBounds(reader) }
  const format = reader.text('format')
  const timeZone = reader.text('time_zone')
  const relation = reader.text('relation')
  if (relation !== undefined && relation.toLowerCase() !== 'intersects')
    throw refused(`[relation] of [range] with [${relation}] is not accepted`)
  dropScoring(reader)
  reader.end()
  return toRange({
    type: 'range',
    field,
    ...bounds,
    ...(format === undefined ? {} : { format: checkDateFormat(format) }),
    ...(timeZone === undefined ? {} : { timeZone }),
  })
}

/** Refuses bounds the field's type cannot hold, whichever store would answer. */
export function toRange(range: RangeQuery): RangeQuery {
  checkValueField(range.field, '[range]')
  if (range.field === '_id') throw refused('[range] on [_id] is not accepted')
  timeZoneOf(range.timeZone)
  const open = (range.gt ?? range.gte) === undefined || (range.lt ?? range.lte) === undefined
  if (open && fieldType(range.field) === 'flattened')
    throw refused(
      `[range] queries on [${range.field}] must include both an upper and a lower bound: attributes are texts`,
    )
  for (const value of [range.gt, range.gte, range.lt, range.lte]) {
    if (value === undefined) continue
    checkNumber(range.field, value)
    if (fieldType(range.field) === 'date')
      resolveDateMs(value, { nowMs: 0, format: range.format, timeZone: range.timeZone })
  }
  return range
}

function bound(reader: ObjectReader, key: string): string | number | undefined {
  const value = reader.scalar(key)
  if (typeof value === 'boolean') throw malformed(`[${key}] of [range] must be a text or a number`)
  return value
}

function newerBounds(reader: ObjectReader): Bounds {
  const bounds: Record<string, string | number> = {}
  for (const key of ['gt', 'gte', 'lt', 'lte']) {
    const value = bound(reader, key)
    if (value !== undefined) bounds[key] = value
  }
  return bounds
}

function olderBounds(reader: ObjectReader): Bounds {
  const from = bound(reader, 'from')
  const to = bound(reader, 'to')
  const lower = reader.flag('include_lower') ?? true
  const upper = reader.flag('include_upper') ?? true
  return {
    ...(from === undefined ? {} : { [lower ? 'gte' : 'gt']: from }),
    ...(to === undefined ? {} : { [upper ? 'lte' : 'lt']: to }),
  }
}
