import type { MetricMetadata } from '@warren/contracts/metric-metadata'
import { HttpError } from '../http-error.ts'
import type { Messages } from '../to-messages.ts'
import { createLineSink, type LineSink } from './line-sink.ts'
import { toMetadata } from './meaning.ts'
import {
  type DataPoint,
  type Metric,
  type MetricsRequest,
  noRecordedValue,
} from './metrics-request.ts'
import { type Points, pointsOf, toPointLines } from './point-lines.ts'
import { resourceTags, scopeTags, type Tags, withAttributes } from './tags.ts'

/** Why something of a request is not stored. Labels of a counter. */
export type LeftOut = 'no_value' | 'exponential_buckets' | 'bad_point' | 'bad_record' | 'span'

export interface MetricMessages extends Messages {
  readonly metadata: readonly MetricMetadata[]
}

interface Options {
  readonly messageBytes: number
  /** Of all lines. */
  readonly maxBytes: number
  /** The time of points that carry none. */
  readonly arrivedMs: number
  readonly leftOut: (reason: LeftOut) => void
}

/** One metric of one library on one host. */
interface Place {
  readonly measurement: string
  readonly kind: Points['kind']
  readonly tags: Tags
}

/** InfluxDB's bound of a time, nanoseconds. */
const maxTimeNs = 2n ** 63n - 2n

function timeOf({ timeUnixNano = 0n }: DataPoint, arrivedMs: number): bigint {
  const time = BigInt(timeUnixNano)
  if (time > maxTimeNs || time < 0n) throw new Error(`time ${time} outside range`)
  return time === 0n ? BigInt(arrivedMs) * 1_000_000n : time
}

function addPoint(
  sink: LineSink,
  { measurement, kind, tags }: Place,
  { point, arrivedMs, leftOut }: Options & { readonly point: DataPoint },
): void {
  const time = timeOf(point, arrivedMs)
  const isAbsent = ((point.flags ?? 0) & noRecordedValue) !== 0
  const lines = isAbsent ? [] : toPointLines(kind, point)
  if (lines.length === 0) leftOut('no_value')
  else if (kind === 'exponential') leftOut('exponential_buckets')
  const all = withAttributes(tags, point.attributes)
  for (const { fields, tag } of lines) {
    const own = tag === undefined ? all : { ...all, [tag[0]]: tag[1] }
    sink.add({ measurement, tags: own, rest: ` ${fields} ${time}` })
  }
}

/** Bad points are refused one by one. */
function addPoints(sink: LineSink, place: Place, given: Options & Pick<Points, 'points'>): void {
  for (const point of given.points)
    try {
      if (place.measurement === '') throw new Error('a metric without a name')
      addPoint(sink, place, { ...given, point })
    } catch (error) {
      if (error instanceof HttpError) throw error
      given.leftOut('bad_point')
      sink.refuse(`${place.measurement.slice(0, 64)}: ${(error as Error).message}`)
    }
}

function* metricsOf(request: MetricsRequest): Generator<{ metric: Metric; tags: Tags }> {
  for (const { resource, scopeMetrics = [] } of request.resourceMetrics ?? []) {
    const tags = resourceTags(resource?.attributes)
    for (const { scope, metrics = [] } of scopeMetrics)
      for (const metric of metrics) yield { metric, tags: scopeTags(tags, scope?.name) }
  }
}

/** Data points as line protocol: the metric's name is the measurement, attributes are tags. `refused` counts data points. Throws an `HttpError` for too many lines. */
export function toMetricMessages(request: MetricsRequest, options: Options): MetricMessages {
  const sink = createLineSink(options)
  const metadata: MetricMetadata[] = []
  for (const { metric, tags } of metricsOf(request)) {
    const found = pointsOf(metric)
    if (found === undefined) continue
    const { kind, points } = found
    metadata.push(...toMetadata(metric, kind))
    addPoints(sink, { measurement: metric.name ?? '', kind, tags }, { ...options, points })
  }
  return { ...sink.messages(), metadata }
}
