import type { MetricSeries } from '../http/metrics.ts'

/** Lines over one time axis, as uPlot takes them. */
export interface Lines {
  readonly names: readonly string[]
  /** Seconds since the epoch, ascending. */
  readonly times: readonly number[]
  /** One array a name, as long as `times`; null is a gap. */
  readonly values: readonly (readonly (number | null)[])[]
}

interface NamedColumn {
  readonly name: string
  readonly points: ReadonlyMap<number, number | null>
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)

function columnsOf(series: MetricSeries): NamedColumn[] {
  const time = series.columns.indexOf('time')
  const tags = Object.values(series.tags ?? {}).join(' ')
  return series.columns.flatMap((column, index) => {
    if (index === time) return []
    const alone = series.columns.length === 2 && tags !== ''
    const name = alone ? tags : [tags, column].filter((part) => part !== '').join(' ')
    const points = new Map(series.values.map((row) => [Number(row[time]), numberOf(row[index])]))
    return [{ name, points }]
  })
}

/** Puts series of any number of columns and tags on one time axis. */
export function toLines(series: readonly MetricSeries[]): Lines {
  const columns = series.flatMap(columnsOf)
  const times = [...new Set(columns.flatMap(({ points }) => [...points.keys()]))].sort(
    (a, b) => a - b,
  )
  return {
    names: columns.map(({ name }) => name),
    times: times.map((time) => time / 1000),
    values: columns.map(({ points }) => times.map((time) => points.get(time) ?? null)),
  }
}
