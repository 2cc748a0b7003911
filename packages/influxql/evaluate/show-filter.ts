import type { Expr } from '../expression.ts'
import { timeRangeOf } from '../time-range.ts'
import type { Measurement } from '../tree.ts'
import { compileCondition } from './condition.ts'
import type { EvaluationContext } from './context.ts'
import { measurementNames } from './input.ts'
import type { SeriesKey } from './source.ts'

interface ShowRequest {
  /** Empty: all measurements. */
  readonly sources: readonly Measurement[]
  readonly condition?: Expr | undefined
}

export interface ShownMeasurement {
  readonly name: string
  readonly series: readonly SeriesKey[]
}

/** The measurements of a SHOW that have series with matching tags and points in range, with those series. */
export async function shownMeasurements(
  context: EvaluationContext,
  { sources, condition }: ShowRequest,
): Promise<ShownMeasurement[]> {
  const { source, nowNs, signal } = context
  const parts = timeRangeOf(condition, nowNs)
  const names =
    sources.length === 0 ? await source.measurements() : await measurementNames(context, sources)
  const shown: ShownMeasurement[] = []
  for (const name of names) {
    signal?.throwIfAborted()
    const fields = await source.fields(name)
    const { mayMatch } = compileCondition(parts.condition, { name, fields, tagKeys: [] })
    const all = await source.series(name, parts.minNs, parts.maxNs)
    const series = all.filter(({ tags }) => mayMatch(tags))
    if (series.length > 0) shown.push({ name, series })
  }
  return shown
}
