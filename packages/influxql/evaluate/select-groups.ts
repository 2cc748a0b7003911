import { NumberBlocks } from '../answers/result-columns.ts'
import type { Call, Expr } from '../expression.ts'
import type { Paging, SelectStatement } from '../tree.ts'
import type { CallPlan } from './call-plan.ts'
import { extraIntervals } from './call-points.ts'
import { type EvaluationContext, giveWay, spend } from './context.ts'
import { innermost, takesType } from './expand.ts'
import { type Condition, compileCondition, isField } from './expressions/condition.ts'
import { hasBareReference, othersIn, referencesIn } from './expressions/references.ts'
import type { Table } from './frame.ts'
import { type Group, groupsOfGroups } from './group.ts'
import type { Input, ReadRequest } from './input.ts'
import type { OutputSeries } from './output.ts'
import { aggregateGroup, callsIn } from './rows/aggregate-rows.ts'
import { filledRuns, isFilledAnew } from './rows/filled-runs.ts'
import { rankedRows } from './rows/ranked-rows.ts'
import { compileReference, type RawPlan, rawGroup } from './rows/raw-rows.ts'
import { shardsOf, withinSeriesLimit } from './series-limit.ts'
import { pushedNeeds } from './stream/pushed-needs.ts'
import { requireType } from './types/require-type.ts'
import { typeOf } from './types/type-of.ts'
import type { Windows } from './windows/windows.ts'

/** What one SELECT is about to compute. */
export interface SelectPlan {
  readonly select: SelectStatement
  /** Its columns, without wildcards. */
  readonly exprs: readonly Expr[]
  /** Tags by which rows are grouped. */
  readonly dimensions: readonly string[]
  /** Without time. */
  readonly condition: Expr | undefined
  readonly windows: Windows
  readonly ascending: boolean
  readonly isSubquery: boolean
  /** SLIMIT and SOFFSET, those of the queries around included. */
  readonly page: Paging
  /** Those of its dimensions that the outermost query groups by; absent for that itself. */
  readonly outerDimensions: readonly string[] | undefined
}

function fieldsIn(exprs: readonly Expr[], table: Table): string[] {
  const named = exprs.flatMap(referencesIn).filter((reference) => isField(reference, table))
  return [...new Set(named.map(({ name }) => name))]
}

/** Whether an expression names anything that a subquery has, or says itself what type it is of. */
const namesAny = (expr: Expr, { fields, tagKeys }: Table): boolean =>
  referencesIn(expr).some(
    ({ name, type }) => type !== undefined || fields.has(name) || tagKeys.includes(name),
  )

const selectors: ReadonlySet<string> = new Set([
  'first',
  'last',
  'min',
  'max',
  'percentile',
  'top',
  'bottom',
  'sample',
])

/** The series that a SELECT makes of one table, in the order of their tags. */
export async function groupsOutput(
  input: Input,
  plan: SelectPlan,
  context: EvaluationContext,
): Promise<OutputSeries[]> {
  const { table, isSubquery } = input
  const { exprs, windows, ascending } = plan
  const calls = [...callsIn(exprs).values()]
  if (isSubquery && calls.length === 0 && !exprs.some((expr) => namesAny(expr, table))) return []
  const loaded = windows.extended(Math.max(0, ...calls.map(extraOf)), ascending)
  const condition = compileCondition(plan.condition, table)
  const fields = [...new Set([...fieldsIn(exprs, table), ...condition.fields])]
  const series = { ...plan.page, dimensions: plan.outerDimensions ?? plan.dimensions }
  const aggregate = callPlanOf(calls, plan, { table, loaded, condition })
  const ranked = calls.length === 0 && !isSubquery ? mergedInto(plan) : undefined
  const dimensions = ranked ?? plan.dimensions
  const request = { fields, range: loaded, condition, dimensions, series }
  const groups = (await pushed(input, request, { calls, aggregate })) ?? (await input.read(request))
  if (groups.length === 0 && !isSubquery) await refuseTypes(calls, { table, request }, context)
  const computed =
    calls.length === 0
      ? rawGroups(groups, plan, { ...aggregate, isSubquery, isRanked: ranked !== undefined })
      : aggregated(groups, calls, { plan, aggregate })
  return collected(computed, context)
}

async function collected(
  outputs: Iterable<OutputSeries | undefined>,
  context: EvaluationContext,
): Promise<OutputSeries[]> {
  const found: OutputSeries[] = []
  for (const output of outputs) {
    await giveWay(context)
    if (output === undefined) continue
    spend(context, 'values', output.times.length * (output.columns.length + 1))
    found.push(output)
  }
  return found
}

function callPlanOf(
  calls: readonly Call[],
  plan: SelectPlan,
  {
    table,
    loaded,
    condition,
  }: Pick<CallPlan, 'table' | 'loaded'> & { readonly condition: Condition },
): CallPlan {
  const { select, exprs, windows, ascending } = plan
  return {
    ...{ table, windows, ascending, loaded },
    matches: condition.matches,
    fill: plan.isSubquery && select.fill.kind === 'null' ? { kind: 'none' } : select.fill,
    isSelector: calls.length === 1 && selectors.has(calls[0]?.name ?? ''),
    needsRows: exprs.some(hasBareReference),
    others: othersIn(exprs).map((reference) => compileReference(reference, table)),
    limit: select.limit,
    offset: select.offset,
    blocks: new NumberBlocks(),
  }
}

/** By what a query around a subquery groups, where that makes one of several groups. */
const mergedInto = ({ dimensions, outerDimensions }: SelectPlan): readonly string[] | undefined =>
  outerDimensions !== undefined && outerDimensions.length < dimensions.length
    ? outerDimensions
    : undefined

function* rawGroups(
  groups: readonly Group[],
  { exprs, dimensions }: SelectPlan,
  { isRanked, ...raw }: RawPlan & { readonly isRanked: boolean },
): Generator<OutputSeries | undefined> {
  for (const group of groups)
    if (isRanked) yield* rankedRows(exprs, group, { plan: raw, dimensions })
    else yield rawGroup(exprs, group, raw)
}

function* aggregated(
  groups: readonly Group[],
  calls: readonly Call[],
  { plan, aggregate }: { readonly plan: SelectPlan; readonly aggregate: CallPlan },
): Generator<OutputSeries | undefined> {
  const { exprs } = plan
  const outer = isFilledAnew(calls, aggregate) ? mergedInto(plan) : undefined
  if (outer === undefined) for (const group of groups) yield aggregateGroup(exprs, group, aggregate)
  else
    for (const members of groupsOfGroups(groups, outer))
      yield* filledRuns(exprs, members, aggregate)
}

/** InfluxDB refuses a type where a shard has such a series, also without a point in range. */
async function refuseTypes(
  calls: readonly Call[],
  { table, request }: { readonly table: Table; readonly request: ReadRequest },
  context: EvaluationContext,
): Promise<void> {
  const faulty = calls.map(innermost).find(({ name, args: [argument] }) => {
    const type = argument?.kind === 'reference' ? table.fields.get(argument.name) : undefined
    return type !== undefined && !takesType(name, type)
  })
  const [argument] = faulty?.args ?? []
  if (faulty === undefined || argument === undefined) return
  const { minNs, maxNs } = shardsOf(request.range)
  const series = await context.source.series(table.name, minNs, maxNs)
  const { condition } = await withinSeriesLimit(context, table.name, request)
  if (series.some(({ tags }) => condition.mayMatch(tags)))
    requireType(faulty.name, typeOf(argument, table))
}

/** Undefined when values must be read. */
async function pushed(
  { aggregate }: Input,
  request: ReadRequest,
  { calls, aggregate: plan }: { readonly calls: readonly Call[]; readonly aggregate: CallPlan },
): Promise<readonly Group[] | undefined> {
  const { windows } = plan
  const needs = pushedNeeds(calls, plan)
  if (aggregate === undefined || needs === undefined) return undefined
  const starts = windows.starts(windows.range, windows.range.minNs)
  const widthNs = windows.interval?.intervalNs ?? 0n
  return await aggregate({ ...request, starts, widthNs, needs })
}

/** Of a call and those within it. */
function extraOf(call: Expr): number {
  if (call.kind !== 'call') return 0
  const [argument] = call.args
  return extraIntervals(call) + (argument === undefined ? 0 : extraOf(argument))
}
