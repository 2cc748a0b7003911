import type { ResultSeries } from '../../answers/result.ts'
import { EvaluationError } from '../../evaluation-error.ts'
import { keyTest } from '../../key-filter.ts'
import type {
  ShowFieldKeysStatement,
  ShowMeasurementsStatement,
  ShowSeriesStatement,
  ShowTagKeysStatement,
  Statement,
} from '../../tree.ts'
import type { EvaluationContext } from '../context.ts'
import { measurementNames } from '../input.ts'
import { matchingMeasurements } from './measurement-filter.ts'
import { paged } from './paged.ts'
import { seriesKeyOf } from './series-key.ts'
import { showCardinality } from './show-cardinality.ts'
import { shownMeasurements } from './show-filter.ts'
import { showTagValues } from './show-tag-values.ts'

/** The default policy as InfluxDB creates it, and those of rollups. */
const showPolicies = ({ policies }: EvaluationContext): ResultSeries => ({
  columns: ['name', 'duration', 'shardGroupDuration', 'replicaN', 'default'],
  values: [
    ['autogen', '0s', '168h0m0s', 1, true],
    ...policies.map(({ name, days }) => [name, `${days * 24}h0m0s`, '168h0m0s', 1, false]),
  ],
})

const answered = [
  'show measurements',
  'show tag keys',
  'show tag values',
  'show field keys',
  'show series',
  'show databases',
  'show retention policies',
  'show cardinality',
] as const

type Answered = Extract<Statement, { readonly kind: (typeof answered)[number] }>

function isAnswered(statement: Statement): statement is Answered {
  return answered.some((kind) => kind === statement.kind)
}

/** The answer of a SHOW. Throws `EvaluationError` for one we do not have. */
export async function showSeries(
  statement: Statement,
  context: EvaluationContext,
): Promise<ResultSeries[]> {
  if (!isAnswered(statement))
    throw new EvaluationError(`${statement.kind.toUpperCase()} is not supported`)
  switch (statement.kind) {
    case 'show measurements':
      return showMeasurements(statement, context)
    case 'show tag keys':
      return showTagKeys(statement, context)
    case 'show tag values':
      return showTagValues(statement, context)
    case 'show field keys':
      return showFieldKeys(statement, context)
    case 'show series':
      return showSeriesKeys(statement, context)
    case 'show cardinality':
      return showCardinality(statement, context)
    case 'show databases':
      return [{ name: 'databases', columns: ['name'], values: [[context.database]] }]
    case 'show retention policies':
      return [showPolicies(context)]
  }
}

async function showMeasurements(
  statement: ShowMeasurementsStatement,
  context: EvaluationContext,
): Promise<ResultSeries[]> {
  const { source, condition } = statement
  const sources = source === undefined ? [] : [source]
  const names =
    condition === undefined && source === undefined
      ? await context.source.measurements()
      : await matchingMeasurements(context, { sources, condition })
  const values = paged(names, statement).map((name) => [name])
  return values.length === 0 ? [] : [{ name: 'measurements', columns: ['name'], values }]
}

async function showTagKeys(
  statement: ShowTagKeysStatement,
  context: EvaluationContext,
): Promise<ResultSeries[]> {
  const isAsked = keyTest(statement.filter)
  const shown = await shownMeasurements(context, statement)
  const all = shown.flatMap(({ table: { name }, series }) => {
    const keys = new Set(series.flatMap(({ tags }) => [...tags.keys()]))
    const asked = [...keys].filter((key) => !context.hiddenTags.has(key) && isAsked(key))
    const values = paged(asked.sort(), statement).map((key) => [key])
    return values.length === 0 ? [] : [{ name, columns: ['tagKey'], values }]
  })
  return [...paged(all, { limit: statement.seriesLimit, offset: statement.seriesOffset })]
}

async function showFieldKeys(
  statement: ShowFieldKeysStatement,
  context: EvaluationContext,
): Promise<ResultSeries[]> {
  const { sources } = statement
  const names =
    sources.length === 0
      ? await context.source.measurements()
      : await measurementNames(context, sources)
  const shown: ResultSeries[] = []
  for (const name of names) {
    const fields = await context.source.fields(name)
    const values = paged([...fields], statement)
    if (values.length > 0) shown.push({ name, columns: ['fieldKey', 'fieldType'], values })
  }
  return shown
}

async function showSeriesKeys(
  statement: ShowSeriesStatement,
  context: EvaluationContext,
): Promise<ResultSeries[]> {
  const shown = await shownMeasurements(context, statement)
  const keys = new Set(
    shown.flatMap(({ series }) => series.map((one) => seriesKeyOf(one, context.hiddenTags))),
  )
  const values = paged([...keys], statement).map((key) => [key])
  return values.length === 0 ? [] : [{ columns: ['key'], values }]
}
