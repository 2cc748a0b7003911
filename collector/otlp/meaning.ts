import type { MetricMetadata } from '@warren/contracts/metric-metadata'
import { cumulative, type Metric } from './metrics-request.ts'
import type { Kind } from './point-lines.ts'

const maxName = 255
const maxUnit = 64

/** UCUM's words that Metrics 2.0 spells otherwise; `{…}` is a remark: https://opentelemetry.io/docs/specs/semconv/general/metrics/#instrument-units */
const units: ReadonlyMap<string, string> = new Map([
  ['By', 'B'],
  ['KiBy', 'KiB'],
  ['MiBy', 'MiB'],
  ['GiBy', 'GiB'],
  ['1', ''],
])

function toUnit(ucum = ''): string | undefined {
  const plain = ucum.replace(/^\{(.*)\}$/, '$1')
  const unit = units.get(plain) ?? plain
  return unit === '' || unit.length > maxUnit ? undefined : unit
}

type Mtype = NonNullable<MetricMetadata['mtype']>

const ofTemporality = (temporality: number | undefined): Mtype =>
  temporality === cumulative ? 'counter' : 'count'

function mtypeOf({ sum, histogram, exponentialHistogram, summary }: Metric): Mtype {
  if (sum !== undefined)
    return sum.isMonotonic === true ? ofTemporality(sum.aggregationTemporality) : 'gauge'
  const aggregate = histogram ?? exponentialHistogram
  if (aggregate !== undefined) return ofTemporality(aggregate.aggregationTemporality)
  return summary === undefined ? 'gauge' : 'counter'
}

/** Of each field that the metric's points have; `counted` ones are numbers of values. */
const fields: Readonly<Record<Kind, Readonly<Record<string, 'valued' | 'counted' | 'gauge'>>>> = {
  number: { value: 'valued' },
  histogram: { count: 'counted', sum: 'valued', min: 'gauge', max: 'gauge', bucket: 'counted' },
  exponential: {
    ...{ count: 'counted', sum: 'valued', min: 'gauge', max: 'gauge' },
    zero_count: 'counted',
  },
  summary: { count: 'counted', sum: 'valued', value: 'gauge' },
}

/** What the metric's fields mean, as Metrics 2.0 says it. */
export function toMetadata(metric: Metric, kind: Kind): readonly MetricMetadata[] {
  const { name = '', description = '' } = metric
  if (name === '' || name.length > maxName) return []
  const unit = toUnit(metric.unit)
  const mtype = mtypeOf(metric)
  return Object.entries(fields[kind]).map(([field, what]) => ({
    measurement: name,
    field,
    mtype: what === 'gauge' ? 'gauge' : mtype,
    ...(unit === undefined || what === 'counted' ? {} : { unit }),
    ...(description === '' ? {} : { what: description.slice(0, maxName) }),
  }))
}
