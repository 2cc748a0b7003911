import { unescapeMeasurement, unescapeTag } from '@warren/lineprotocol/escape'
import type { LineParts } from '@warren/lineprotocol/line-parts'
import { createTagCursor, nextTag, startTags } from '@warren/lineprotocol/tags'
import { hashSeries, seriesHash } from './series-hash.ts'

/** Finds where new series come from: the tag of a measurement, or the names of measurements, with the most values among those that were refused. */
export interface Offender {
  /** Takes note of a series that was refused: `measurement,tag=value,…` in `[start, end)`. */
  note(bytes: Uint8Array, start: number, end: number): void
  /** `the tag id of the measurement http`; empty before the first. */
  readonly name: string
}

/** Values are counted by a bit each: enough to tell which has more. */
const bits = 4096
const maxCounters = 500
const comma = 0x2c
const maxNameChars = 64

interface Counter {
  readonly seen: Uint8Array
  values: number
}

const { utf8Slice } = Buffer.prototype
const cursor = createTagCursor()
const shown = (name: string): string =>
  name.length > maxNameChars ? `${name.slice(0, maxNameChars)}…` : name

function endOfMeasurement(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at += 1)
    if (bytes[at] === comma && bytes[at - 1] !== 0x5c) return at
  return end
}

export function createOffender(): Offender {
  const counters = new Map<string, Counter>()
  let most = 0
  let name = ''
  const count = (what: string, bytes: Uint8Array, span: { start: number; end: number }) => {
    let counter = counters.get(what)
    if (counter === undefined) {
      if (counters.size >= maxCounters) return
      counter = { seen: new Uint8Array(bits / 8), values: 0 }
      counters.set(what, counter)
    }
    hashSeries(bytes, span.start, span.end)
    const bit = seriesHash.low & (bits - 1)
    const mask = 1 << (bit & 7)
    const byte = counter.seen[bit >> 3] ?? 0
    if ((byte & mask) !== 0) return
    counter.seen[bit >> 3] = byte | mask
    counter.values += 1
    if (counter.values <= most) return
    most = counter.values
    name = what
  }
  return {
    note(bytes, start, end) {
      const measurementEnd = endOfMeasurement(bytes, start, end)
      const measurement = unescapeMeasurement(utf8Slice.call(bytes, start, measurementEnd))
      count('the names of measurements', bytes, { start, end: measurementEnd })
      const parts = { measurementEnd, keyEnd: end } as LineParts
      startTags(cursor, parts)
      while (nextTag(cursor, bytes)) {
        const tag = unescapeTag(utf8Slice.call(bytes, cursor.keyStart, cursor.keyEnd))
        const what = `the tag ${shown(tag)} of the measurement ${shown(measurement)}`
        count(what, bytes, { start: cursor.valueStart, end: cursor.valueEnd })
      }
    },
    get name() {
      return name
    },
  }
}
