import type { Value } from '@warren/influxql/answers/result'
import type { Fill } from '@warren/influxql/tree'
import type { Column } from './column.ts'
import type { Absence } from './mergeable.ts'
import type { Stretch, StretchSeries } from './stretch.ts'

/** What stands for an empty bucket in a column. InfluxDB counts 0 points there, unless the series never has the field. */
function emptyOf(column: Column, fill: Fill, absence: Absence | undefined): Value {
  if (fill.kind === 'number') return Number(fill.value)
  if (fill.kind === 'none' || absence !== 'zero') return null
  return column.some((value) => value !== null && !Number.isNaN(value)) ? 0 : null
}

/** A number fills columns of numbers; what it would be among texts, or where a column is empty, only the store says. */
const isNumeric = ({ data }: StretchSeries): boolean =>
  data.every(
    (column) => column instanceof Float64Array && column.some((value) => !Number.isNaN(value)),
  )

export interface Filling {
  readonly absences: readonly Absence[]
  readonly fill: Fill
}

/** Whether the store's answer with this fill is known; else only the store knows. */
export const isFillKnown = ({ series }: Stretch, { fill }: Filling): boolean =>
  fill.kind !== 'number' || [...series.values()].every(isNumeric)

/** What stands for an empty bucket, one a column. */
export const emptiesOf = ({ data }: StretchSeries, { absences, fill }: Filling): readonly Value[] =>
  data.map((column, index) => emptyOf(column, fill, absences[index]))
