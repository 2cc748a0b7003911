import type { Kind } from './point-lines.ts'
import type { FieldShape, MessageShape } from './protobuf.ts'

/** What is read of the messages of OTLP 1.x: https://github.com/open-telemetry/opentelemetry-proto/tree/v1.7.0/opentelemetry/proto */

const one = (name: string, type: FieldShape['type']): FieldShape => ({
  ...{ name, type },
  repeated: false,
})
const many = (name: string, type: FieldShape['type']): FieldShape => ({
  ...{ name, type },
  repeated: true,
})
const shape = (fields: Readonly<Record<number, FieldShape>>): MessageShape =>
  new Map(Object.entries(fields).map(([number, field]) => [Number(number), field]))

export const anyValue: MessageShape = shape({
  1: one('stringValue', 'string'),
  2: one('boolValue', 'bool'),
  3: one('intValue', 'int64'),
  4: one('doubleValue', 'double'),
  5: one('arrayValue', () => arrayValue),
  6: one('kvlistValue', () => keyValueList),
  7: one('bytesValue', 'base64'),
})
const keyValue = shape({ 1: one('key', 'string'), 2: one('value', () => anyValue) })
const arrayValue = shape({ 1: many('values', () => anyValue) })
const keyValueList = shape({ 1: many('values', () => keyValue) })

const attributes = many('attributes', () => keyValue)
const resource = one('resource', () => resourceShape)
export const resourceShape = shape({ 1: attributes })
const scope = one('scope', () => scopeShape)
export const scopeShape = shape({
  1: one('name', 'string'),
  2: one('version', 'string'),
  3: attributes,
})

/** The parts of a data point that all kinds have under their own numbers. */
const time = one('timeUnixNano', 'fixed64')
const flags = one('flags', 'uint32')
const count = one('count', 'fixed64')
const sum = one('sum', 'double')
const temporality = one('aggregationTemporality', 'int32')

const numberPoint = shape({
  3: time,
  4: one('asDouble', 'double'),
  6: one('asInt', 'sfixed64'),
  7: attributes,
  8: flags,
})
const histogramPoint = shape({
  3: time,
  4: count,
  5: sum,
  6: many('bucketCounts', 'fixed64'),
  7: many('explicitBounds', 'double'),
  9: attributes,
  10: flags,
  11: one('min', 'double'),
  12: one('max', 'double'),
})
const exponentialPoint = shape({
  1: attributes,
  3: time,
  4: count,
  5: sum,
  7: one('zeroCount', 'fixed64'),
  10: flags,
  12: one('min', 'double'),
  13: one('max', 'double'),
})
const quantile = shape({ 1: one('quantile', 'double'), 2: one('value', 'double') })
const summaryPoint = shape({
  3: time,
  4: count,
  5: sum,
  6: many('quantileValues', () => quantile),
  7: attributes,
  8: flags,
})

export const pointShapes: Readonly<Record<Kind, MessageShape>> = {
  ...{ number: numberPoint, histogram: histogramPoint },
  ...{ exponential: exponentialPoint, summary: summaryPoint },
}

const points = (of: MessageShape) => many('dataPoints', () => of)
const gauge = shape({ 1: points(numberPoint) })
const sums = shape({ 1: points(numberPoint), 2: temporality, 3: one('isMonotonic', 'bool') })
const histogram = shape({ 1: points(histogramPoint), 2: temporality })
const exponential = shape({ 1: points(exponentialPoint), 2: temporality })
const summary = shape({ 1: points(summaryPoint) })

const metric = shape({
  1: one('name', 'string'),
  2: one('description', 'string'),
  3: one('unit', 'string'),
  5: one('gauge', () => gauge),
  7: one('sum', () => sums),
  9: one('histogram', () => histogram),
  10: one('exponentialHistogram', () => exponential),
  11: one('summary', () => summary),
})
const scopeMetrics = shape({ 1: scope, 2: many('metrics', () => metric) })
const resourceMetrics = shape({ 1: resource, 2: many('scopeMetrics', () => scopeMetrics) })
export const metricsRequest = shape({ 1: many('resourceMetrics', () => resourceMetrics) })

const logRecord = shape({
  1: one('timeUnixNano', 'fixed64'),
  2: one('severityNumber', 'int32'),
  3: one('severityText', 'string'),
  5: one('body', () => anyValue),
  6: attributes,
  9: one('traceId', 'hex'),
  10: one('spanId', 'hex'),
  11: one('observedTimeUnixNano', 'fixed64'),
  12: one('eventName', 'string'),
})
const scopeLogs = shape({ 1: scope, 2: many('logRecords', () => logRecord) })
const resourceLogs = shape({ 1: resource, 2: many('scopeLogs', () => scopeLogs) })
export const logsRequest = shape({ 1: many('resourceLogs', () => resourceLogs) })

/** Counted only. */
const span = shape({})
const scopeSpans = shape({ 2: many('spans', () => span) })
const resourceSpans = shape({ 2: many('scopeSpans', () => scopeSpans) })
export const traceRequest = shape({ 1: many('resourceSpans', () => resourceSpans) })
