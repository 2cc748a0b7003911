import type { ResultSeries, StatementResult, Value } from './result.ts'
import type { Statement } from './tree.ts'

/** The results of an InfluxDB to these statements, one each, without the tags that callers must not see: as tags, as columns, as keys and within series keys, and in counts of keys, where every series has them. */
export function withoutTags(
  results: readonly StatementResult[],
  statements: readonly Statement[],
  hiddenTags: ReadonlySet<string>,
): StatementResult[] {
  return stripTags(results, hiddenTags).map((result, at) =>
    countsTagKeys(statements[at]) ? stripKeyCounts(result, hiddenTags.size) : result,
  )
}

const countsTagKeys = (statement: Statement | undefined): boolean =>
  statement?.kind === 'show cardinality' && statement.of === 'tag key'

function stripTags(
  results: readonly StatementResult[],
  hiddenTags: ReadonlySet<string>,
): StatementResult[] {
  return results.map((result) => {
    const { series, ...rest } = result
    if (series === undefined) return result
    const left = series.flatMap((one) => stripSeries(one, hiddenTags))
    return left.length === 0 ? rest : { ...rest, series: left }
  })
}

function stripKeyCounts(result: StatementResult, hidden: number): StatementResult {
  const { series } = result
  if (series === undefined) return result
  const less = ([count = 0, ...rest]: readonly Value[]): readonly Value[] => [
    typeof count === 'number' ? count - hidden : count,
    ...rest,
  ]
  return { ...result, series: series.map((one) => ({ ...one, values: one.values.map(less) })) }
}

function stripSeries(series: ResultSeries, hiddenTags: ReadonlySet<string>): ResultSeries[] {
  const keyed = stripKeys(stripColumns(series, hiddenTags), hiddenTags)
  if (keyed.values.length === 0 && series.values.length > 0) return []
  const { tags, ...rest } = keyed
  if (tags === undefined) return [keyed]
  const left = Object.entries(tags).filter(([key]) => !hiddenTags.has(key))
  return [left.length === 0 ? rest : { ...rest, tags: Object.fromEntries(left) }]
}

function stripColumns(series: ResultSeries, hiddenTags: ReadonlySet<string>): ResultSeries {
  const { columns, values } = series
  if (!columns.some((column) => hiddenTags.has(column))) return series
  const isShown = columns.map((column) => !hiddenTags.has(column))
  return {
    ...series,
    columns: columns.filter((_, at) => isShown[at]),
    values: values.map((row) => row.filter((_, at) => isShown[at])),
  }
}

/** Rows of SHOW TAG KEYS, SHOW TAG VALUES and SHOW SERIES, known by their first column. */
function stripKeys(series: ResultSeries, hiddenTags: ReadonlySet<string>): ResultSeries {
  const [first, second] = series.columns
  const isKeys = first === 'tagKey' || (first === 'key' && second === 'value')
  if (isKeys)
    return { ...series, values: series.values.filter(([key]) => !hiddenTags.has(String(key))) }
  if (first !== 'key' || series.columns.length !== 1) return series
  return { ...series, values: uniqueKeys(series.values, hiddenTags) }
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
