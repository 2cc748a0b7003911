/** Properties of every message on Warren's exchanges. */

export const contentTypes = {
  lineProtocol: 'application/vnd.influxdb.line-protocol',
  ndjson: 'application/x-ndjson',
  /** On `warren.metrics`: what fields mean, one `MetricMetadata` a line, instead of points. */
  metricMetadata: 'application/vnd.warren.metric-metadata+ndjson',
  json: 'application/json',
} as const

export type ContentEncoding = 'gzip' | 'zstd'

export const headers = {
  /** W3C trace context of the publish. */
  traceparent: 'traceparent',
  /** Nanoseconds since the epoch, decimal text: the time of lines that carry none. */
  timeNs: 'x-warren-time-ns',
} as const

/** A message after decompression; a larger one is parked as `too_large`. */
export const maxMessageBytes = 4 * 1024 * 1024
