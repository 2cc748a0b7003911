import {
  createFieldCursor,
  messageTag,
  nextField,
  type Range,
  startFields,
  varintTag,
} from '../wire/field-cursor.ts'
import { openMessage } from '../wire/protobuf.ts'
import type { Metric } from './metrics-request.ts'
import type { Kind } from './point-lines.ts'

/** A metric without its points. */
export interface MetricHead {
  readonly metric: Metric
  readonly kind: Kind
  /** Of the message whose field 1 are the points. */
  readonly data: Range
}

/** By the field of a metric. Where a sender sets several the first of the list counts. */
const kinds = [
  { field: 5, name: 'gauge', kind: 'number' },
  { field: 7, name: 'sum', kind: 'number' },
  { field: 9, name: 'histogram', kind: 'histogram' },
  { field: 10, name: 'exponentialHistogram', kind: 'exponential' },
  { field: 11, name: 'summary', kind: 'summary' },
] as const

/** What says how points add up; the same fields in every kind that has them. */
function readAggregation(body: Buffer, { start, end }: Range) {
  const cursor = createFieldCursor(body)
  const reader = openMessage(body)
  const found: { aggregationTemporality?: number; isMonotonic?: boolean } = {}
  startFields(cursor, start, end)
  while (nextField(cursor)) {
    reader.pos = cursor.start
    if (cursor.tag === varintTag(2)) found.aggregationTemporality = reader.int32()
    else if (cursor.tag === varintTag(3)) found.isMonotonic = reader.bool()
  }
  return found
}

const texts = new Map([
  [messageTag(1), 'name'],
  [messageTag(2), 'description'],
  [messageTag(3), 'unit'],
] as const)

/** Undefined for a metric of a kind that is not known here. */
export function readMetricHead(body: Buffer, { start, end }: Range): MetricHead | undefined {
  const cursor = createFieldCursor(body)
  const metric: { -readonly [Name in keyof Metric]: Metric[Name] } = {}
  const places = new Map<number, Range>()
  startFields(cursor, start, end)
  while (nextField(cursor)) {
    const text = texts.get(cursor.tag)
    if (text === undefined) places.set(cursor.tag, { start: cursor.start, end: cursor.end })
    else metric[text] = body.toString('utf8', cursor.start, cursor.end)
  }
  const set = kinds.flatMap(({ field, ...kind }) => {
    const data = places.get(messageTag(field))
    return data === undefined ? [] : [{ ...kind, data }]
  })
  for (const { name, data } of set) metric[name] = readAggregation(body, data)
  const [first] = set
  return first === undefined ? undefined : { metric, kind: first.kind, data: first.data }
}
