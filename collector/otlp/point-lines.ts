import type { Integer } from './attributes.ts'
import type {
  ExponentialPoint,
  HistogramPoint,
  Metric,
  NumberPoint,
  SummaryPoint,
} from './metrics-request.ts'

/** A line of a data point: its fields, and a tag that the point's other lines do not have. */
export interface PointLine {
  readonly fields: string
  readonly tag?: readonly [name: 'le' | 'quantile', value: string]
}

type Double = number | string | undefined

/** Line protocol has neither NaN nor infinity. */
function float(name: string, value: Double): string | undefined {
  const number = Number(value)
  return value === undefined || !Number.isFinite(number) ? undefined : `${name}=${number}`
}

const whole = (name: string, value: Integer | bigint = 0): string => `${name}=${value}i`

const join = (...fields: readonly (string | undefined)[]): string =>
  fields.filter((field) => field !== undefined).join(',')

/** A float whatever the sender has: a field keeps the type of its first value, and a library may change its mind. */
const ofNumber = ({ asInt, asDouble }: NumberPoint): readonly PointLine[] => {
  const fields = float('value', asInt === undefined ? asDouble : Number(asInt))
  return fields === undefined ? [] : [{ fields }]
}

const ofAggregate = ({ count, sum, min, max }: HistogramPoint): string =>
  join(whole('count', count), float('sum', sum), float('min', min), float('max', max))

/** Of each bound how many values are not above it, as Prometheus counts. */
function ofHistogram(point: HistogramPoint): readonly PointLine[] {
  const { bucketCounts = [], explicitBounds = [] } = point
  if (bucketCounts.length > 0 && bucketCounts.length !== explicitBounds.length + 1)
    throw new Error(`${bucketCounts.length} buckets for ${explicitBounds.length} bounds`)
  let below = 0n
  const buckets = bucketCounts.map((count, at): PointLine => {
    below += BigInt(count)
    return {
      fields: whole('bucket', below),
      tag: ['le', at < explicitBounds.length ? String(explicitBounds[at]) : '+Inf'],
    }
  })
  return [{ fields: ofAggregate(point) }, ...buckets]
}

/** Without its buckets, whose bounds are others in each point. */
const ofExponential = (point: ExponentialPoint): readonly PointLine[] => [
  { fields: join(ofAggregate(point), whole('zero_count', point.zeroCount)) },
]

function ofSummary({ count, sum, quantileValues = [] }: SummaryPoint): readonly PointLine[] {
  const quantiles = quantileValues.flatMap(({ quantile = 0, value = 0 }): PointLine[] => {
    const fields = float('value', value)
    return fields === undefined ? [] : [{ fields, tag: ['quantile', String(quantile)] }]
  })
  return [{ fields: join(whole('count', count), float('sum', sum)) }, ...quantiles]
}

export type Kind = 'number' | 'histogram' | 'exponential' | 'summary'

export interface Points {
  readonly kind: Kind
  readonly points: readonly (NumberPoint | HistogramPoint | ExponentialPoint | SummaryPoint)[]
}

const linesOfKind = {
  number: ofNumber,
  histogram: ofHistogram,
  exponential: ofExponential,
  summary: ofSummary,
} satisfies Record<Kind, (point: never) => readonly PointLine[]>

/** Throws for a point that contradicts itself; none for one without a value that can be stored. */
export const toPointLines = (kind: Kind, point: Points['points'][number]): readonly PointLine[] =>
  (linesOfKind[kind] as (point: Points['points'][number]) => readonly PointLine[])(point)

/** Undefined for a kind that is not known here. */
export function pointsOf(metric: Metric): Points | undefined {
  const number = metric.gauge ?? metric.sum
  if (number !== undefined) return { kind: 'number', points: number.dataPoints ?? [] }
  const { histogram, exponentialHistogram, summary } = metric
  if (histogram !== undefined) return { kind: 'histogram', points: histogram.dataPoints ?? [] }
  if (exponentialHistogram !== undefined)
    return { kind: 'exponential', points: exponentialHistogram.dataPoints ?? [] }
  return summary === undefined ? undefined : { kind: 'summary', points: summary.dataPoints ?? [] }
}
