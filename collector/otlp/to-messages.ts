import type { MetricMetadata } from '@warren/contracts/metric-metadata'
import type { Messages } from '../to-messages.ts'
import { addPoint, type PointOptions } from './add-point.ts'
import { createLineSink } from './line-sink.ts'
import { toMetadata } from './meaning.ts'
import type { Metric, MetricsRequest } from './metrics-request.ts'
import { pointsOf } from './point-lines.ts'
import { resourceTags, scopeTags, type Tags } from './tags.ts'

export interface MetricMessages extends Messages {
  readonly metadata: readonly MetricMetadata[]
}

export interface MetricOptions extends PointOptions {
  readonly messageBytes: number
  /** Of all lines. */
  readonly maxBytes: number
}

function* metricsOf(request: MetricsRequest): Generator<{ metric: Metric; tags: Tags }> {
  for (const { resource, scopeMetrics = [] } of request.resourceMetrics ?? []) {
    const tags = resourceTags(resource?.attributes)
    for (const { scope, metrics = [] } of scopeMetrics)
      for (const metric of metrics) yield { metric, tags: scopeTags(tags, scope?.name) }
  }
}

/** Data points as line protocol: the metric's name is the measurement, attributes are tags. `refused` counts data points. Throws an `HttpError` for too many lines. */
export function toMetricMessages(request: MetricsRequest, options: MetricOptions): MetricMessages {
  const sink = createLineSink(options)
  const metadata: MetricMetadata[] = []
  for (const { metric, tags } of metricsOf(request)) {
    const found = pointsOf(metric)
    if (found === undefined) continue
    const { kind, points } = found
    metadata.push(...toMetadata(metric, kind))
    const place = { measurement: metric.name ?? '', kind, tags }
    for (const point of points) addPoint(sink, place, { ...options, point })
  }
  return { ...sink.messages(), metadata }
}
