import { escapeTag } from '@warren/lineprotocol/escape'
import { eachMessage, fixed64Tag, type Range } from '../wire/field-cursor.ts'
import { openMessage } from '../wire/protobuf.ts'
import { addOrRefuse, addPoint, linesOf, type Place, type PointOptions } from './add-point.ts'
import { appendText, createLineBytes, startLine } from './line-bytes.ts'
import type { LineSink } from './line-sink.ts'
import type { DataPoint } from './metrics-request.ts'
import { numberAt } from './number-point.ts'
import { toKeyValues } from './point-attributes.ts'
import { pointKinds } from './point-kinds.ts'
import type { PointLine } from './point-lines.ts'
import { createPointParts } from './point-parts.ts'
import { createTimes } from './point-time.ts'
import { readMessageAt } from './protobuf.ts'
import type { Layouts } from './tag-layout.ts'
import { withAttributes } from './tags.ts'

export interface PointsPlace extends Place {
  /** The measurement, escaped. */
  readonly escaped: Uint8Array
  readonly layouts: Layouts
}

/** Of a point, counted from the request. */
const pointDepth = 5
const timeTag = fixed64Tag(3)

/** Requests are read one at a time. */
const line = createLineBytes()

/** Reads the data points of a metric from the bytes of a request straight to lines; one that is not written as every sender does takes the way of JSON. */
export function createPointsReader(body: Buffer, sink: LineSink, options: PointOptions) {
  const reader = openMessage(body)
  const times = createTimes(body, options.arrivedMs)
  const { attributes, places, find } = createPointParts(body)

  const timeOf = (): string => times.textAt(places[timeTag] as number)

  const addLine = (place: PointsPlace, time: string, { fields, tag }: PointLine): void => {
    const { measurement, escaped } = place
    const layout = place.layouts.of(attributes, pointKinds[place.kind].own)
    const own = tag === undefined ? '' : escapeTag(tag[1])
    if (!sink.isEmpty() && startLine(line, layout, { measurement: escaped, attributes, own })) {
      appendText(line, ` ${fields} ${time}`)
      sink.addBytes(line)
      return
    }
    const all = withAttributes(place.tags, toKeyValues(attributes))
    const tags = tag === undefined ? all : { ...all, [tag[0]]: tag[1] }
    sink.add({ measurement, tags, rest: ` ${fields} ${time}` })
  }
  const addNumber = (place: PointsPlace): void => {
    const time = timeOf()
    const value = numberAt(body, places)
    if (value === undefined) options.leftOut('no_value')
    else addLine(place, time, { fields: `value=${value}` })
  }
  const addOther = (place: PointsPlace, point: DataPoint): void => {
    const time = timeOf()
    for (const pointLine of linesOf(place.kind, point, options.leftOut))
      addLine(place, time, pointLine)
  }
  const add = (place: PointsPlace, range: Range): void => {
    const { shape, values, attributesTag } = pointKinds[place.kind]
    const decode = (wanted: typeof shape) =>
      readMessageAt(reader, wanted, { ...range, depth: pointDepth }) as DataPoint
    const given = { ...options, measurement: place.measurement }
    if (!find(range, attributesTag)) addPoint(sink, place, { ...options, point: decode(shape) })
    else if (place.kind === 'number') addOrRefuse(sink, given, () => addNumber(place))
    else {
      const point = decode(values)
      addOrRefuse(sink, given, () => addOther(place, point))
    }
  }
  return {
    /** Adds the points that `data` holds. Throws for what are none, and an `HttpError` when all lines are too many. */
    addAll: (place: PointsPlace, data: Range): void =>
      eachMessage(body, data, { field: 1, read: (range) => add(place, range) }),
  }
}
