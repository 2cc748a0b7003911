import { paged } from '../evaluate/show/paged.ts'
import type { ShowTagKeysStatement, ShowTagValuesStatement, Statement } from '../tree.ts'
import type { ResultSeries, StatementResult, Value } from './result.ts'
import { isPagedWith } from './without-hidden.ts'

/**
 * The results of an InfluxDB, one each, to these statements as `withoutHidden` asks them, without the tags that callers must not see: as tags of series, as keys and within series keys, and in counts of keys,
 * where every series has them. A column that is called so is the caller's own.
 */
export function withoutTags(
  results: readonly StatementResult[],
  statements: readonly Statement[],
  hiddenTags: ReadonlySet<string>,
): StatementResult[] {
  return results.map((result, at) => {
    const statement = statements[at]
    if (result.series === undefined || statement === undefined) return result
    const { series, ...rest } = result
    const left = series.flatMap((one) => stripSeries(one, statement, hiddenTags))
    return left.length === 0 ? rest : { ...rest, series: left }
  })
}

function stripSeries(
  series: ResultSeries,
  statement: Statement,
  hiddenTags: ReadonlySet<string>,
): ResultSeries[] {
  const { kind } = statement
  if (kind === 'select') return [stripTags(series, hiddenTags)]
  if (kind === 'show tag keys' || kind === 'show tag values')
    return stripKeys(series, statement, hiddenTags)
  if (kind === 'show series') return [{ ...series, values: uniqueKeys(series.values, hiddenTags) }]
  if (kind === 'show cardinality' && statement.of === 'tag key')
    return stripKeyCounts(series, hiddenTags.size)
  return [series]
}

function stripTags(series: ResultSeries, hiddenTags: ReadonlySet<string>): ResultSeries {
  const { tags, ...rest } = series
  if (tags === undefined) return series
  const left = Object.entries(tags).filter(([key]) => !hiddenTags.has(key))
  return left.length === 0 ? rest : { ...rest, tags: Object.fromEntries(left) }
}

/** A measurement without a key is not counted. */
function stripKeyCounts(series: ResultSeries, hidden: number): ResultSeries[] {
  const less = ([count = 0, ...rest]: readonly Value[]): readonly Value[] => [
    typeof count === 'number' ? count - hidden : count,
    ...rest,
  ]
  const values = series.values.map(less).filter(([count]) => count !== 0)
  return values.length === 0 ? [] : [{ ...series, values }]
}

/** Rows of keys, and the page of them that was asked for. */
function stripKeys(
  series: ResultSeries,
  statement: ShowTagKeysStatement | ShowTagValuesStatement,
  hiddenTags: ReadonlySet<string>,
): ResultSeries[] {
  const shown = series.values.filter(([key]) => !hiddenTags.has(String(key)))
  const values = isPagedWith(statement, hiddenTags) ? paged(shown, statement) : shown
  return values.length === 0 ? [] : [{ ...series, values }]
}

function uniqueKeys(
  values: ResultSeries['values'],
  hiddenTags: ReadonlySet<string>,
): readonly (readonly Value[])[] {
  const keys = new Set(values.map(([key]) => stripKey(String(key), hiddenTags)))
  return [...keys].map((key) => [key])
}

function stripKey(key: string, hiddenTags: ReadonlySet<string>): string {
  // A comma or equals sign of a name has a backslash before it.
  const [name = '', ...tags] = key.split(/(?<!\\),/)
  const shown = tags.filter((tag) => !hiddenTags.has(tag.split(/(?<!\\)=/)[0] ?? ''))
  return [name, ...shown].join(',')
}
