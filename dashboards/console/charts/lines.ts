import type { MetricSeries } from '../http/metrics.ts'

/** Lines over one time axis, as uPlot takes them. */
export interface Lines {
  readonly names: readonly string[]
  /** Seconds since the epoch, ascending. */
  readonly times: readonly number[]
  /** One array a name, as long as `times`; null is a gap, undefined a time at which only other lines have a point. */
  readonly values: readonly (readonly (number | null | undefined)[])[]
}

interface NamedColumn {
  readonly name: string
  /** By milliseconds, ascending. */
  readonly points: ReadonlyMap<number, number | null>
}

/** A line breaks where this many of its usual intervals are without a point. */
const missedIntervals = 3.5

function usualInterval(times: readonly number[]): number {
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time))
  return gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? Number.POSITIVE_INFINITY
}

/** Puts a null into each stretch in which the sender was silent. */
function withGaps(points: ReadonlyMap<number, number>): ReadonlyMap<number, number | null> {
  const usual = usualInterval([...points.keys()])
  const broken = new Map<number, number | null>()
  let last = Number.POSITIVE_INFINITY
  for (const [time, value] of points) {
    if (time - last > usual * missedIntervals) broken.set(last + Math.round(usual), null)
    broken.set(time, value)
    last = time
  }
  return broken
}

function columnsOf(series: MetricSeries): NamedColumn[] {
  const time = series.columns.indexOf('time')
  const tags = Object.values(series.tags ?? {}).join(' ')
  return series.columns.flatMap((column, index) => {
    if (index === time) return []
    const alone = series.columns.length === 2 && tags !== ''
    const name = alone ? tags : [tags, column].filter((part) => part !== '').join(' ')
    const points = new Map(
      series.values.flatMap((row) => {
        const value = row[index]
        return typeof value === 'number' ? [[Number(row[time]), value] as const] : []
      }),
    )
    return points.size === 0 ? [] : [{ name, points: withGaps(points) }]
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
    values: columns.map(({ points }) => times.map((time) => points.get(time))),
  }
}

/** The value of a line at a time, or its newest one. */
export function valueAt(lines: Lines, line: number, index: number | undefined): number | null {
  const values = lines.values[line] ?? []
  if (index !== undefined) return values[index] ?? null
  return values.findLast((value) => typeof value === 'number') ?? null
}

/** Each line on top of those before it; a hidden one takes no room. */
export function toStack(values: Lines['values']): Lines['values'] {
  const below: number[] = []
  return values.map((line) =>
    line.map((value, index) => {
      if (typeof value !== 'number') return value
      below[index] = (below[index] ?? 0) + value
      return below[index]
    }),
  )
}
