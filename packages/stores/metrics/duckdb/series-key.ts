import {
  escapeMeasurement,
  escapeTag,
  unescapeMeasurement,
  unescapeTag,
} from '@warren/lineprotocol/escape'
import { createLineParts, type LineParts } from '@warren/lineprotocol/line-parts'
import { createTagCursor, nextTag, startTags } from '@warren/lineprotocol/tags'

export interface SeriesName {
  readonly measurement: string
  /** Without empty values; sorted by key (bytes). */
  readonly tags: ReadonlyMap<string, string>
}

const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()

/** Measurement and tags of a line that `scanLine` found good, in whatever order it has them. */
export function parseSeries(bytes: Uint8Array, parts: LineParts): SeriesName {
  const tags: [string, string][] = []
  const cursor = createTagCursor()
  startTags(cursor, parts)
  while (nextTag(cursor, bytes))
    tags.push([
      unescapeTag(textOf(bytes, cursor.keyStart, cursor.keyEnd)),
      unescapeTag(textOf(bytes, cursor.valueStart, cursor.valueEnd)),
    ])
  tags.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return {
    measurement: unescapeMeasurement(textOf(bytes, parts.measurementStart, parts.measurementEnd)),
    tags: new Map(tags),
  }
}

/** One text a series, whatever the order of tags on its lines; `parseSeriesKey` reads it back. */
export function toSeriesKey({ measurement, tags }: SeriesName): string {
  let key = escapeMeasurement(measurement)
  for (const [name, value] of tags) key += `,${escapeTag(name)}=${escapeTag(value)}`
  return key
}

export function parseSeriesKey(key: string): SeriesName {
  const bytes = Buffer.from(key)
  return parseSeries(bytes, {
    ...createLineParts(),
    measurementEnd: measurementEnd(bytes),
    keyEnd: bytes.length,
  })
}

const comma = 0x2c
const backslash = 0x5c

function measurementEnd(bytes: Uint8Array): number {
  for (let at = 1; at < bytes.length; at++)
    if (bytes[at] === comma && bytes[at - 1] !== backslash) return at
  return bytes.length
}
