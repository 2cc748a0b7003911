import type { MetricMetadata } from '@warren/contracts/metric-metadata'
import { escapeMeasurement } from '@warren/lineprotocol/escape'
import { eachMessage, lastMessage, type Range } from '../wire/field-cursor.ts'
import { openMessage } from '../wire/protobuf.ts'
import type { KeyValue } from './attributes.ts'
import { createLineSink } from './line-sink.ts'
import { toMetadata } from './meaning.ts'
import { readMetricHead } from './metric-head.ts'
import { createPointsReader } from './points-reader.ts'
import { type MessageShape, readMessageAt } from './protobuf.ts'
import { resourceShape, scopeShape } from './shapes.ts'
import { createLayouts, type Layouts } from './tag-layout.ts'
import { resourceTags, scopeTags, type Tags } from './tags.ts'
import type { MetricMessages, MetricOptions } from './to-messages.ts'

interface Origin {
  readonly name?: string
  readonly attributes?: readonly KeyValue[]
}

/** What `toMetricMessages` makes of a request, from the bytes of its protobuf, without an object a point. Throws for what is none. */
export function readMetricMessages(body: Buffer, options: MetricOptions): MetricMessages {
  const sink = createLineSink(options)
  const points = createPointsReader(body, sink, options)
  const metadata: MetricMetadata[] = []
  const reader = openMessage(body)

  /** Of field 1, which says where what is beside it comes from. */
  const readOrigin = (within: Range, shape: MessageShape, depth: number): Origin => {
    const range = lastMessage(body, within, 1)
    return range === undefined ? {} : (readMessageAt(reader, shape, { ...range, depth }) as Origin)
  }
  const readMetric = (range: Range, place: { tags: Tags; layouts: Layouts }): void => {
    const head = readMetricHead(body, range)
    if (head === undefined) return
    const { metric, kind, data } = head
    const { name: measurement = '' } = metric
    metadata.push(...toMetadata(metric, kind))
    const escaped = Buffer.from(escapeMeasurement(measurement))
    points.addAll({ measurement, kind, escaped, ...place }, data)
  }
  const readScope = (within: Range, ofResource: Tags): void => {
    const tags = scopeTags(ofResource, readOrigin(within, scopeShape, 3).name)
    const place = { tags, layouts: createLayouts(tags) }
    eachMessage(body, within, { field: 2, read: (range) => readMetric(range, place) })
  }
  const readResource = (within: Range): void => {
    const tags = resourceTags(readOrigin(within, resourceShape, 2).attributes)
    eachMessage(body, within, { field: 2, read: (range) => readScope(range, tags) })
  }
  eachMessage(body, { start: 0, end: body.length }, { field: 1, read: readResource })
  return { ...sink.messages(), metadata }
}
