import { HttpError } from '../http-error.ts'
import type { LineSink } from './line-sink.ts'
import { type DataPoint, noRecordedValue } from './metrics-request.ts'
import { type Kind, type PointLine, toPointLines } from './point-lines.ts'
import { timeOf } from './point-time.ts'
import { type Tags, withAttributes } from './tags.ts'

/** Why something of a request is not stored. Labels of a counter. */
export type LeftOut = 'no_value' | 'exponential_buckets' | 'bad_point' | 'bad_record' | 'span'

export interface PointOptions {
  /** The time of points that carry none. */
  readonly arrivedMs: number
  readonly leftOut: (reason: LeftOut) => void
}

/** One metric of one library on one host. */
export interface Place {
  readonly measurement: string
  readonly kind: Kind
  readonly tags: Tags
}

/** Adds one point; a bad one is refused by itself. */
export function addOrRefuse(
  sink: LineSink,
  { measurement, leftOut }: Pick<Place, 'measurement'> & Pick<PointOptions, 'leftOut'>,
  add: () => void,
): void {
  try {
    if (measurement === '') throw new Error('a metric without a name')
    add()
  } catch (error) {
    if (error instanceof HttpError) throw error
    leftOut('bad_point')
    sink.refuse(`${measurement.slice(0, 64)}: ${(error as Error).message}`)
  }
}

/** The lines of a point, whose absence is counted. */
export function linesOf(
  kind: Kind,
  point: DataPoint,
  leftOut: PointOptions['leftOut'],
): readonly PointLine[] {
  const isAbsent = ((point.flags ?? 0) & noRecordedValue) !== 0
  const lines = isAbsent ? [] : toPointLines(kind, point)
  if (lines.length === 0) leftOut('no_value')
  else if (kind === 'exponential') leftOut('exponential_buckets')
  return lines
}

/** Throws an `HttpError` when all lines are too many. */
export function addPoint(
  sink: LineSink,
  { measurement, kind, tags }: Place,
  { point, arrivedMs, leftOut }: PointOptions & { readonly point: DataPoint },
): void {
  addOrRefuse(sink, { measurement, leftOut }, () => {
    const time = timeOf(point, arrivedMs)
    const lines = linesOf(kind, point, leftOut)
    const all = withAttributes(tags, point.attributes)
    for (const { fields, tag } of lines) {
      const own = tag === undefined ? all : { ...all, [tag[0]]: tag[1] }
      sink.add({ measurement, tags: own, rest: ` ${fields} ${time}` })
    }
  })
}
