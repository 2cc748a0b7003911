import { EvaluationError } from '../evaluation-error.ts'
import type { Expr } from '../expression.ts'
import { intersection, maxTimeNs, type TimeRange, timeRangeOf } from '../time-range.ts'
import type { Field, SelectStatement } from '../tree.ts'
import { aggregateGroup, callsIn } from './aggregate-rows.ts'
import { extraIntervals } from './call-points.ts'
import { compileCondition, isField } from './condition.ts'
import { type EvaluationContext, type Outer, spend } from './context.ts'
import { expandDimensions, expandFields } from './expand.ts'
import { columnNames } from './field-name.ts'
import type { Table } from './frame.ts'
import {
  type Input,
  measurementNames,
  namesOf,
  needsTagKeys,
  openMeasurement,
  openOutputs,
} from './input.ts'
import { intervalOf } from './interval-of.ts'
import type { Output, OutputSeries } from './output.ts'
import { paged } from './paged.ts'
import { rawGroup } from './raw-rows.ts'
import { hasBareReference, mapReferences, referencesIn, typeOf } from './references.ts'
import { Windows } from './windows.ts'

/** What one SELECT is about to compute. */
interface Plan {
  readonly select: SelectStatement
  readonly exprs: readonly Expr[]
  readonly dimensions: readonly string[]
  readonly condition: Expr | undefined
  readonly windows: Windows
  readonly ascending: boolean
  readonly isSubquery: boolean
}

/** The answer of a SELECT as columns. Throws `EvaluationError`. */
export async function selectOutput(
  select: SelectStatement,
  context: EvaluationContext,
  outer?: Outer,
): Promise<Output> {
  const { condition, ...own } = timeRangeOf(select.condition, context.nowNs, select.timeZone)
  const interval = intervalOf(select, context.nowNs) ?? outer?.interval
  const range = closed(
    outer === undefined ? own : intersection(own, outer.range),
    interval,
    context,
  )
  const ascending = outer?.ascending ?? select.sortFields[0]?.ascending ?? true
  const windows = new Windows(interval, range, context.limits.buckets)
  const asked = [...explicitDimensions(select), ...(outer?.dimensions ?? [])]
  const inputs = await openInputs(select, context, {
    range,
    interval,
    dimensions: asked,
    ascending,
  })
  const names = namesOf(inputs)
  const dimensions = [...new Set([...expandDimensions(select.dimensions, names), ...asked])]
    .filter((key) => !context.hiddenTags.has(key))
    .sort((a, b) => (a < b ? -1 : 1))
  const named = withTopTags(select.fields.filter(isNotTime))
  const fields = expandFields(named, names, dimensions)
  const exprs = fields.map(({ expr }) => withoutHidden(expr, context))
  const isSubquery = outer !== undefined
  const plan = { select, exprs, dimensions, condition, windows, ascending, isSubquery }
  const series = fields.length === 0 ? [] : await seriesOf(inputs, plan, context)
  const [first] = inputs
  const timeField = select.fields.find((field) => !isNotTime(field))
  return {
    timeName: timeField?.alias ?? 'time',
    names: columnNames(fields),
    types: exprs.map((expr) => (first === undefined ? 'float' : typeOf(expr, first.table))),
    dimensions,
    series,
    timeZone: select.timeZone,
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

/** A hidden tag that is selected by name is a tag nobody has. */
function withoutHidden(expr: Expr, { hiddenTags }: EvaluationContext): Expr {
  return mapReferences(expr, (reference) =>
    hiddenTags.has(reference.name) ? { ...reference, name: '', type: 'tag' } : reference,
  )
}

async function openInputs(
  select: SelectStatement,
  context: EvaluationContext,
  outer: Outer,
): Promise<Input[]> {
  const measurements = select.sources.filter((source) => source.kind === 'measurement')
  const subqueries = select.sources.filter((source) => source.kind === 'subquery')
  const tagRange = needsTagKeys(select) ? outer.range : undefined
  const inputs: Input[] = []
  for (const name of await measurementNames(context, measurements))
    inputs.push(await openMeasurement(context, name, tagRange))
  const outputs: Output[] = []
  for (const { select: inner } of subqueries)
    outputs.push(await selectOutput(inner, context, outer))
  return [...inputs, ...openOutputs(outputs, outer.ascending)]
}

async function seriesOf(
  inputs: readonly Input[],
  plan: Plan,
  context: EvaluationContext,
): Promise<OutputSeries[]> {
  const found: OutputSeries[] = []
  for (const input of inputs) found.push(...(await seriesOfInput(input, plan, context)))
  if (!plan.ascending) found.reverse()
  if (found.length > context.limits.series)
    throw new EvaluationError(
      `max-select-series limit exceeded: (${found.length}/${context.limits.series})`,
    )
  return found
}

function fieldsIn(exprs: readonly Expr[], table: Table): string[] {
  const named = exprs.flatMap(referencesIn).filter((reference) => isField(reference, table))
  return [...new Set(named.map(({ name }) => name))]
}

const selectors: ReadonlySet<string> = new Set(['first', 'last', 'min', 'max', 'percentile'])

async function seriesOfInput(
  { table, read, isSubquery }: Input,
  plan: Plan,
  context: EvaluationContext,
): Promise<OutputSeries[]> {
  const { select, exprs, dimensions, windows, ascending } = plan
  const calls = [...callsIn(exprs).values()]
  const extra = Math.max(0, ...calls.map(extraOf))
  const loaded = windows.extended(extra, ascending)
  const condition = compileCondition(plan.condition, table)
  const selected = fieldsIn(exprs, table)
  const fields = [...new Set([...selected, ...condition.fields])]
  const groups = await read({ fields, range: loaded, condition, dimensions })
  const { matches } = condition
  const shared = { table, matches, ascending }
  const aggregate = {
    ...shared,
    windows,
    loaded,
    fill:
      plan.isSubquery && select.fill.kind === 'null' ? ({ kind: 'none' } as const) : select.fill,
    isSelector: calls.length === 1 && selectors.has(calls[0]?.name ?? ''),
    needsRows: exprs.some(hasBareReference),
  }
  const limited = paged(groups, { limit: select.seriesLimit, offset: select.seriesOffset })
  return limited.flatMap((group) => {
    context.signal?.throwIfAborted()
    const series =
      calls.length === 0
        ? rawGroup(exprs, group, { ...shared, fields: isSubquery ? undefined : selected })
        : aggregateGroup(exprs, group, aggregate)
    if (series === undefined) return []
    const limitedSeries = pageOf(series, select)
    spend(context, 'values', limitedSeries.times.length * (limitedSeries.columns.length + 1))
    return limitedSeries.times.length === 0 ? [] : [limitedSeries]
  })
}

/** Of a call and those within it. */
function extraOf(call: Expr): number {
  if (call.kind !== 'call') return 0
  const [argument] = call.args
  return extraIntervals(call) + (argument === undefined ? 0 : extraOf(argument))
}

function pageOf(series: OutputSeries, { limit, offset }: SelectStatement): OutputSeries {
  if (limit === 0 && offset === 0) return series
  const paging = { limit, offset }
  return {
    ...series,
    times: paged(series.times, paging),
    columns: series.columns.map((column) => paged(column, paging)),
  }
}
