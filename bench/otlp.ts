import { ValueType } from '@opentelemetry/api'
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics'

export interface OtlpOptions {
  readonly count: number
  readonly perRequest: number
}

const seriesCount = 5000

/** Bodies of OTLP/HTTP as the OpenTelemetry SDK writes them: gauges with three attributes, of a resource with two. */
export function* otlpRequests({ count, perRequest }: OtlpOptions): Generator<Buffer> {
  const resource = resourceFromAttributes({ 'service.name': 'bench', 'host.name': 'bench' })
  const startMs = Date.now() - 3_600_000
  for (let first = 0; first < count; first += perRequest) {
    const dataPoints = Array.from({ length: perRequest }, (_, index) => {
      const number = first + index
      const series = number % seriesCount
      const time: [number, number] = [
        Math.floor(startMs / 1000) + Math.floor(number / seriesCount),
        0,
      ]
      return {
        attributes: { pod: `pod-${series % 1000}`, region: `eu-${series % 5}`, app: `a${series}` },
        ...{ startTime: time, endTime: time, value: Math.random() },
      }
    })
    const descriptor = {
      ...{ name: 'bench.usage', description: '', unit: '1', advice: {} },
      valueType: ValueType.DOUBLE,
    }
    const metric = {
      descriptor,
      dataPointType: DataPointType.GAUGE as const,
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPoints,
    }
    const body = ProtobufMetricsSerializer.serializeRequest({
      resource,
      scopeMetrics: [{ scope: { name: 'bench' }, metrics: [metric] }],
    })
    if (body === undefined) throw new Error('the SDK wrote nothing')
    yield Buffer.from(body)
  }
}
