import { equalTags } from '../equal-tags.ts'
import type { Expr } from '../expression.ts'
import type {
  KeyFilter,
  Measurement,
  ShowCardinalityStatement,
  ShowFieldKeysStatement,
  ShowMeasurementsStatement,
  ShowSeriesStatement,
  ShowTagKeysStatement,
  ShowTagValuesStatement,
} from '../tree.ts'
import { countRegexes } from './asked.ts'
import type { CostContext, CostParts } from './cost-parts.ts'

type Listing =
  | ShowCardinalityStatement
  | ShowFieldKeysStatement
  | ShowMeasurementsStatement
  | ShowSeriesStatement
  | ShowTagKeysStatement
  | ShowTagValuesStatement

/** A listing reads the index, series by series; its condition's time is not counted on, for stores may pass over it. */
export function costOfShow(show: Listing, { seriesOf }: CostContext): CostParts {
  const sources = sourcesOf(show)
  const condition = 'condition' in show ? show.condition : undefined
  const equal = equalTags(condition)
  const asked = sources.length === 0 ? [undefined] : sources
  const series = asked.reduce((sum, source) => sum + (seriesOf?.(source, equal, condition) ?? 1), 0)
  const most = show.limit === 0 ? Number.POSITIVE_INFINITY : show.limit + show.offset
  return {
    rangeNs: 0n,
    intervalNs: 0n,
    buckets: 1,
    series,
    points: 0,
    values: show.kind === 'show cardinality' ? asked.length : Math.min(series, most * asked.length),
    functions: 0,
    regexes: regexesOf(sources, condition, 'filter' in show ? show.filter : undefined),
  }
}

function sourcesOf(show: Listing): readonly Measurement[] {
  if (show.kind !== 'show measurements') return show.sources
  return show.source === undefined ? [] : [show.source]
}

function regexesOf(
  sources: readonly Measurement[],
  condition: Expr | undefined,
  filter: KeyFilter | undefined,
): number {
  const named = sources.filter(({ regex }) => regex !== undefined).length
  const keys = filter?.kind === 'match' || filter?.kind === 'no match' ? 1 : 0
  return named + keys + countRegexes([condition])
}
