import type { Call, Expr } from '../expression.ts'
import type { SelectStatement } from '../tree.ts'
import { aggregateGroup, callsIn } from './aggregate-rows.ts'
import type { CallPlan } from './call-plan.ts'
import { extraIntervals, requireType } from './call-points.ts'
import { compileCondition, isField } from './condition.ts'
import { type EvaluationContext, giveWay, spend } from './context.ts'
import { innermost, takesType } from './expand.ts'
import type { Table } from './frame.ts'
import type { Group } from './group.ts'
import type { Input, ReadRequest } from './input.ts'
import type { OutputSeries } from './output.ts'
import { pushedNeeds } from './pushed-needs.ts'
import { compileReference, rawGroup } from './raw-rows.ts'
import { hasBareReference, othersIn, referencesIn } from './references.ts'
import { shardsOf, withinSeriesLimit } from './series-limit.ts'
import { typeOf } from './type-of.ts'
import type { Windows } from './windows.ts'

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
}

function fieldsIn(exprs: readonly Expr[], table: Table): string[] {
  const named = exprs.flatMap(referencesIn).filter((reference) => isField(reference, table))
  return [...new Set(named.map(({ name }) => name))]
}

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
  const { select, exprs, dimensions, windows, ascending } = plan
  const calls = [...callsIn(exprs).values()]
  const loaded = windows.extended(Math.max(0, ...calls.map(extraOf)), ascending)
  const condition = compileCondition(plan.condition, table)
  const { matches } = condition
  const selected = fieldsIn(exprs, table)
  const fields = [...new Set([...selected, ...condition.fields])]
  const series = { limit: select.seriesLimit, offset: select.seriesOffset }
  const { limit, offset } = select
  const raw = { table, matches, ascending, isSubquery, limit, offset }
  const aggregate: CallPlan = {
    table,
    matches,
    ascending,
    windows,
    loaded,
    fill: plan.isSubquery && select.fill.kind === 'null' ? { kind: 'none' } : select.fill,
    isSelector: calls.length === 1 && selectors.has(calls[0]?.name ?? ''),
    needsRows: exprs.some(hasBareReference),
    others: othersIn(exprs).map((reference) => compileReference(reference, table)),
    limit,
    offset,
  }
  const request = { fields, range: loaded, condition, dimensions, series }
  const groups = (await pushed(input, request, { calls, aggregate })) ?? (await input.read(request))
  if (groups.length === 0 && !isSubquery) await refuseTypes(calls, { table, request }, context)
  const compute = (group: Group) =>
    calls.length === 0 ? rawGroup(exprs, group, raw) : aggregateGroup(exprs, group, aggregate)
  const found: OutputSeries[] = []
  for (const group of groups) {
    await giveWay(context)
    const computed = compute(group)
    if (computed === undefined) continue
    spend(context, 'values', computed.times.length * (computed.columns.length + 1))
    found.push(computed)
  }
  return found
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
