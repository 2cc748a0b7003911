import {
  escapeFieldKey,
  escapeMeasurement,
  escapeTag,
  unescapeFieldKey,
  unescapeMeasurement,
  unescapeTag,
} from '@warren/lineprotocol/escape'
import { createFieldCursor, nextField, startFields } from '@warren/lineprotocol/fields'
import type { LineParts } from '@warren/lineprotocol/line-parts'
import { createTagCursor, nextTag, startTags } from '@warren/lineprotocol/tags'

/** A line as rules see it. */
export interface MetricPoint {
  /** Never empty. */
  measurement: string
  readonly tags: Map<string, string>
  /** Values as they are written: with quotes, with suffix. At least one. */
  readonly fields: Map<string, string>
  /** Digits, or empty. */
  readonly time: string
}

const tags = createTagCursor()
const fields = createFieldCursor()
const { utf8Slice } = Buffer.prototype

/** Reads a line that `scanLine` found good. */
export function parsePoint(bytes: Uint8Array, parts: LineParts): MetricPoint {
  const text = (start: number, end: number) => utf8Slice.call(bytes, start, end)
  const point: MetricPoint = {
    measurement: unescapeMeasurement(text(parts.measurementStart, parts.measurementEnd)),
    tags: new Map(),
    fields: new Map(),
    time: parts.timeStart < 0 ? '' : text(parts.timeStart, parts.timeEnd),
  }
  startTags(tags, parts)
  while (nextTag(tags, bytes))
    point.tags.set(
      unescapeTag(text(tags.keyStart, tags.keyEnd)),
      unescapeTag(text(tags.valueStart, tags.valueEnd)),
    )
  startFields(fields, parts)
  while (nextField(fields, bytes))
    point.fields.set(
      unescapeFieldKey(text(fields.keyStart, fields.keyEnd)),
      text(fields.keyEnd + 1, fields.at - 1),
    )
  return point
}

/** The point as one line, without line feed. Tags without a value are left out: line protocol has none. */
export function printPoint(point: MetricPoint): string {
  const key = [escapeMeasurement(point.measurement)]
  for (const [name, value] of point.tags) {
    const [tag, text] = [escapeTag(name), escapeTag(value)]
    if (tag !== '' && text !== '') key.push(`${tag}=${text}`)
  }
  const set = [...point.fields].map(([name, value]) => `${escapeFieldKey(name)}=${value}`)
  return `${key.join(',')} ${set.join(',')}${point.time === '' ? '' : ` ${point.time}`}`
}
