import type { ResultSeries, StatementResult, Value } from '@warren/influxql/result'
import type { Fill } from '@warren/influxql/tree'
import { type Column, valueAt } from './column.ts'
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

interface Filling {
  readonly absences: readonly Absence[]
  readonly fill: Fill
}

function rowsOf(
  { data }: StretchSeries,
  { startMs, stepMs, count }: Stretch,
  { absences, fill }: Filling,
): Value[][] {
  const empties = data.map((column, index) => emptyOf(column, fill, absences[index]))
  const rows: Value[][] = []
  for (let at = 0; at < count; at += 1) {
    const values = data.map((column, index) => valueAt(column, at) ?? empties[index] ?? null)
    if (fill.kind !== 'none' || values.some((value) => value !== null))
      rows.push([startMs + at * stepMs, ...values])
  }
  return rows
}

/** The answer that the store gives with this fill; undefined when only the store knows. */
export function toResult(stretch: Stretch, filling: Filling): StatementResult | undefined {
  const shown: ResultSeries[] = []
  for (const series of stretch.series.values()) {
    if (filling.fill.kind === 'number' && !isNumeric(series)) return undefined
    const { name, tags, columns } = series
    shown.push({
      ...(name === undefined ? {} : { name }),
      ...(tags === undefined ? {} : { tags }),
      columns,
      values: rowsOf(series, stretch, filling),
    })
  }
  return { statement_id: 0, ...(shown.length === 0 ? {} : { series: shown }) }
}
