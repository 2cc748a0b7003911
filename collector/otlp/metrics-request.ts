import { z } from 'zod'
import { attributes, double, integer } from './attributes.ts'

/** The objects of `ExportMetricsServiceRequest`, as JSON has them, and protobuf once it is read: https://github.com/open-telemetry/opentelemetry-proto/blob/v1.7.0/opentelemetry/proto/metrics/v1/metrics.proto */

const common = {
  attributes,
  timeUnixNano: integer.optional(),
  flags: z.int().optional(),
}

const aggregate = { ...common, count: integer.optional(), sum: double.optional() }
const extremes = { min: double.optional(), max: double.optional() }

const numberPoint = z.object({ ...common, asDouble: double.optional(), asInt: integer.optional() })
const histogramPoint = z.object({
  ...{ ...aggregate, ...extremes },
  bucketCounts: z.array(integer).optional(),
  explicitBounds: z.array(double).optional(),
})
const exponentialPoint = z.object({
  ...{ ...aggregate, ...extremes },
  zeroCount: integer.optional(),
})
const summaryPoint = z.object({
  ...aggregate,
  quantileValues: z
    .array(z.object({ quantile: double.optional(), value: double.optional() }))
    .optional(),
})

const temporality = { aggregationTemporality: z.int().optional() }

const metric = z.object({
  name: z.string().optional(),
  description: z.string().optional(),
  unit: z.string().optional(),
  gauge: z.object({ dataPoints: z.array(numberPoint).optional() }).optional(),
  sum: z
    .object({
      ...temporality,
      dataPoints: z.array(numberPoint).optional(),
      isMonotonic: z.boolean().optional(),
    })
    .optional(),
  histogram: z
    .object({ ...temporality, dataPoints: z.array(histogramPoint).optional() })
    .optional(),
  exponentialHistogram: z
    .object({ ...temporality, dataPoints: z.array(exponentialPoint).optional() })
    .optional(),
  summary: z.object({ dataPoints: z.array(summaryPoint).optional() }).optional(),
})

export const resource = z.object({ attributes }).optional()
export const scope = z.object({ name: z.string().optional(), attributes }).optional()

const scopeMetrics = z.object({ scope, metrics: z.array(metric).optional() })
const resourceMetrics = z.object({ resource, scopeMetrics: z.array(scopeMetrics).optional() })

export const metricsRequestSchema = z.object({
  resourceMetrics: z.array(resourceMetrics).optional(),
})

export type MetricsRequest = z.infer<typeof metricsRequestSchema>
export type Metric = z.infer<typeof metric>
export type NumberPoint = z.infer<typeof numberPoint>
export type HistogramPoint = z.infer<typeof histogramPoint>
export type ExponentialPoint = z.infer<typeof exponentialPoint>
export type SummaryPoint = z.infer<typeof summaryPoint>
export type DataPoint = NumberPoint | HistogramPoint | ExponentialPoint | SummaryPoint

/** Cumulative; delta is 1: https://opentelemetry.io/docs/specs/otel/metrics/data-model/#temporality */
export const cumulative = 2
/** Bit of `flags`: the series has no value now. */
export const noRecordedValue = 1
