import { EvaluationError } from '../evaluation-error.ts'
import type { Expr } from '../expression.ts'
import { intersection, maxTimeNs, type TimeRange, timeRangeOf } from '../time-range.ts'
import type { Field, SelectStatement } from '../tree.ts'
import { plainFields } from './check/plain-fields.ts'
import type { EvaluationContext, Outer } from './context.ts'
import { expandDimensions, expandFields, type Names } from './expand.ts'
import { isTag } from './expressions/condition.ts'
import { columnNames } from './expressions/field-name.ts'
import { mapReferences } from './expressions/references.ts'
import {
  type Input,
  namedMeasurements,
  namesOf,
  needsTagKeys,
  openMeasurement,
  openOutputs,
} from './input.ts'
import type { Output, OutputSeries } from './output.ts'
import { groupsOutput, type SelectPlan } from './select-groups.ts'
import { shardsOf } from './series-limit.ts'
import { checkTypes } from './types/check-types.ts'
import { commonTypes, withCommonTypes } from './types/common-types.ts'
import { typeOf } from './types/type-of.ts'
import { intervalOf } from './windows/interval-of.ts'
import { Windows } from './windows/windows.ts'

/** The answer of a SELECT as columns. Throws `EvaluationError`. */
export async function selectOutput(
  asked: SelectStatement,
  context: EvaluationContext,
  outer?: Outer,
): Promise<Output> {
  const select = { ...asked, fields: plainFields(asked.fields) }
  const { condition, bounds } = conditionOf(select, context)
  const interval = intervalOf(select, context.nowNs) ?? outer?.interval
  const range = closed(
    outer === undefined ? bounds : intersection(bounds, outer.range),
    interval,
    context,
  )
  const ascending = outer?.ascending ?? select.sortFields[0]?.ascending ?? true
  const series = {
    limit: select.seriesLimit + (outer?.series.limit ?? 0),
    offset: select.seriesOffset + (outer?.series.offset ?? 0),
  }
  const windows = new Windows(interval, range, context.limits.buckets)
  const wanted = [...explicitDimensions(select), ...(outer?.dimensions ?? [])]
  const inputs = await openInputs(select, context, {
    range,
    shards: outer?.shards ?? shardsOf(range),
    interval,
    dimensions: wanted,
    grouping: outer?.grouping ?? select.dimensions,
    ascending,
    series,
  })
  const names = namesOf(inputs)
  const own = new Set(expandDimensions(select.dimensions, names))
  const dimensions = [...new Set([...own, ...wanted])]
    .filter((key) => !context.hiddenTags.has(key))
    .sort((a, b) => (a < b ? -1 : 1))
  const fields = fieldsOf(select, names, dimensions)
  const types = commonTypes(inputs, names.fields)
  const exprs = fields.map(({ expr }) =>
    withCommonTypes(withoutHidden(expr, select, context), types),
  )
  for (const input of inputs) await checkInput(input, exprs, { context, range })
  const plan: SelectPlan = {
    ...{ select, exprs, dimensions, windows, ascending, isSubquery: outer !== undefined },
    condition: withCommonTypes(condition, types),
    ...{ outerDimensions: outerDimensionsOf(outer, dimensions), page: series },
  }
  const found = fields.length === 0 ? [] : await seriesOf(inputs, plan, context)
  const [first] = inputs
  const timeField = select.fields.find((field) => !isNotTime(field))
  return {
    timeName: timeField?.alias ?? 'time',
    names: columnNames(fields),
    types: exprs.map((expr) => (first === undefined ? 'float' : typeOf(expr, first.table))),
    areTags: exprs.map((expr) => inputs.every(({ table }) => isTag(expr, table))),
    dimensions: dimensions.filter((key) => own.has(key)),
    series: found,
    timeZone: select.timeZone,
  }
}

/** What is left of a condition is taken apart once more, as InfluxDB does: `(time) > 5` says time by then, of which nothing comes, and `1 + 2` is no condition. */
function conditionOf(
  { condition: whole, timeZone }: SelectStatement,
  { nowNs }: EvaluationContext,
) {
  const { minNs, maxNs, condition: reduced } = timeRangeOf(whole, nowNs, timeZone)
  const { condition } = timeRangeOf(reduced, nowNs, timeZone)
  return { condition, bounds: { minNs, maxNs } }
}

/** Without wildcards. */
function fieldsOf(
  { fields, dimensions }: SelectStatement,
  names: Names,
  keys: readonly string[],
): Field[] {
  const isOpen = dimensions.some(({ kind }) => kind === 'wildcard' || kind === 'regex')
  return expandFields(withTopTags(fields.filter(isNotTime)), names, { keys, isOpen })
}

/** Of the dimensions those by which the outermost query groups; undefined for that itself. */
const outerDimensionsOf = (outer: Outer | undefined, dimensions: readonly string[]) =>
  outer && expandDimensions(outer.grouping, { tagKeys: new Set(dimensions) })

/** Nothing is wrong with what no shard of the range has. */
async function checkInput(
  { table, isSubquery }: Input,
  exprs: readonly Expr[],
  { context, range }: { readonly context: EvaluationContext; readonly range: TimeRange },
): Promise<void> {
  try {
    for (const expr of exprs) checkTypes(expr, table)
  } catch (error) {
    const { minNs, maxNs } = shardsOf(range)
    const isAbsent =
      !isSubquery && (await context.source.series(table.name, minNs, maxNs)).length === 0
    if (!isAbsent) throw error
  }
}

/** Without an upper bound, buckets end now. */
function closed(range: TimeRange, interval: unknown, { nowNs }: EvaluationContext): TimeRange {
  if (interval === undefined || range.maxNs !== maxTimeNs) return range
  return { ...range, maxNs: nowNs }
}

function explicitDimensions({ dimensions }: SelectStatement): string[] {
  return dimensions.flatMap((one) => (one.kind === 'reference' ? [one.name] : []))
}

function isNotTime({ expr }: Field): boolean {
  return expr.kind !== 'reference' || expr.name !== 'time'
}

/** `top(value, host, 2)` has a column for the host too. */
function withTopTags(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => {
    const { expr } = field
    if (expr.kind !== 'call' || (expr.name !== 'top' && expr.name !== 'bottom')) return [field]
    const tags = expr.args.slice(1, -1).map((tag) => ({ expr: tag }))
    return [field, ...tags]
  })
}

/** A hidden tag that is selected by name is what nobody has. Queries within show none: one of their columns may be called so. */
function withoutHidden(
  expr: Expr,
  { sources }: SelectStatement,
  { hiddenTags }: EvaluationContext,
): Expr {
  if (sources.every(({ kind }) => kind === 'subquery')) return expr
  return mapReferences(expr, (reference) =>
    hiddenTags.has(reference.name) ? { ...reference, name: '' } : reference,
  )
}

async function openInputs(
  select: SelectStatement,
  context: EvaluationContext,
  outer: Outer,
): Promise<Input[]> {
  const measurements = select.sources.filter((source) => source.kind === 'measurement')
  const subqueries = select.sources.filter((source) => source.kind === 'subquery')
  const wanted = {
    shards: outer.shards,
    needsTags: (fields: Input['table']['fields']) => needsTagKeys(select, fields),
  }
  const inputs: Input[] = []
  for (const [name, copies] of await namedMeasurements(context, measurements))
    inputs.push(await openMeasurement(context, name, { ...wanted, copies }))
  const outputs: Output[] = []
  for (const { select: inner } of subqueries)
    outputs.push(await selectOutput(inner, context, outer))
  return [...inputs, ...openOutputs(outputs, outer.ascending)]
}

async function seriesOf(
  inputs: readonly Input[],
  plan: SelectPlan,
  context: EvaluationContext,
): Promise<OutputSeries[]> {
  const found: OutputSeries[] = []
  for (const input of inputs) found.push(...(await groupsOutput(input, plan, context)))
  if (!plan.ascending && found[0]?.isRun !== true) found.reverse()
  if (found.length > context.limits.series)
    throw new EvaluationError(
      `max-select-series limit exceeded: (${found.length}/${context.limits.series})`,
    )
  return found
}
