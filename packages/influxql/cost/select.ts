import { equalTags } from '../equal-tags.ts'
import { rollupNames, rollupStepNs } from '../rollup-policy.ts'
import { groupIntervalOf } from '../time/group-interval.ts'
import { intersection, maxTimeNs, minTimeNs, type TimeRange, timeRangeOf } from '../time-range.ts'
import type { Measurement, SelectStatement } from '../tree.ts'
import { askedBy, countRegexes } from './asked.ts'
import type { CostContext, CostParts } from './cost-parts.ts'
import { type Plan, pointsThatSuffice, rowsOf } from './rows.ts'

const defaultStepNs = 10_000_000_000n
const defaultKeptNs = 30n * 86_400_000_000_000n
const defaultFields = 10
/** Beyond it, which nobody could answer, the number says nothing more. */
const mostBuckets = 1e12

/** What a subquery takes over from the query around it. */
interface Outer {
  readonly range: TimeRange
  readonly intervalNs: bigint
}

/** What one source of a SELECT costs before the SELECT does anything with it, and what it hands over. */
interface Input extends Omit<CostParts, 'values'> {
  readonly rows: number
  /** Of one row, when `*` asks for all. */
  readonly columns: number
}

export function costOfSelect(
  select: SelectStatement,
  context: CostContext,
  outer?: Outer,
): CostParts {
  // Reduced, `tenant = 'a' AND 1 = 2` would have lost its tenant, whose series are counted.
  const { written, ...own } = timeRangeOf(select.condition, context.nowNs, select.timeZone)
  const range = outer === undefined ? own : intersection(own, outer.range)
  const asked = askedBy(select)
  const inherited = asked.calls.length > 0 ? (outer?.intervalNs ?? 0n) : 0n
  const intervalNs = groupIntervalOf(select.dimensions) || inherited
  const rangeNs = lengthOf(range, context)
  const shape = { select, condition: written, rangeNs, intervalNs, asked }
  const inputs = select.sources.map((source) =>
    source.kind === 'measurement'
      ? costOfMeasurement(shape, source, context)
      : costOfSubquery(source.select, context, { range, intervalNs }),
  )
  return together(shape, inputs)
}

function lengthOf({ minNs, maxNs }: TimeRange, { nowNs, oldestNs }: CostContext): bigint {
  const from = minNs === minTimeNs ? (oldestNs ?? nowNs - defaultKeptNs) : minNs
  const to = maxNs === maxTimeNs ? nowNs : maxNs
  return to < from ? 0n : to - from + 1n
}

/** A range that does not begin on a boundary touches one window more. */
function bucketsOf(rangeNs: bigint, intervalNs: bigint): number {
  if (intervalNs <= 0n || rangeNs === 0n) return 1
  return Math.min(Number((rangeNs - 1n) / intervalNs) + 2, mostBuckets)
}

function costOfMeasurement(plan: Plan, source: Measurement, context: CostContext): Input {
  const { condition, rangeNs, asked } = plan
  const { seriesOf, fieldsOf } = context
  const rollup = rollupNames.find((name) => name === source.policy)
  const stepNs = rollup === undefined ? (context.stepNs ?? defaultStepNs) : rollupStepNs[rollup]
  const series = seriesOf?.(source, equalTags(condition), condition) ?? 1
  const columns = asked.isOpen ? (fieldsOf?.(source) ?? defaultFields) : Math.max(1, asked.named)
  const steps = rangeNs === 0n ? 0 : Number(rangeNs / stepNs) + 1
  const rows = Math.min(series * steps, pointsThatSuffice(plan, series))
  const regexes = source.regex === undefined ? 0 : 1
  const range = { rangeNs, intervalNs: 0n, buckets: 1 }
  return { ...range, series, points: rows * columns, functions: 0, regexes, rows, columns }
}

/** What a subquery answers is read once more. */
function costOfSubquery(select: SelectStatement, context: CostContext, outer: Outer): Input {
  const { values, ...cost } = costOfSelect(select, context, outer)
  const columns = select.fields.length
  return { ...cost, points: cost.points + values, rows: values / columns, columns }
}

type Count = Exclude<keyof Input, 'rangeNs' | 'intervalNs'>

const total = (inputs: readonly Input[], of: Count): number =>
  inputs.reduce((sum, input) => sum + input[of], 0)

const most = (inputs: readonly Input[], of: Count): number =>
  inputs.reduce((found, input) => Math.max(found, input[of]), 0)

function together(plan: Plan, inputs: readonly Input[]): CostParts {
  const { select, condition, intervalNs, asked } = plan
  const { fields, dimensions } = select
  const series = total(inputs, 'series')
  const columns = asked.isOpen ? most(inputs, 'columns') : fields.length
  const exprs = [...fields.map(({ expr }) => expr), condition, ...dimensions]
  // Windows begin where there are points: around subqueries that is their range.
  const rangeNs = inputs.reduce((longest, input) => longer(longest, input.rangeNs), 0n)
  const buckets = bucketsOf(rangeNs < plan.rangeNs ? rangeNs : plan.rangeNs, intervalNs)
  return {
    rangeNs,
    intervalNs: shortest([intervalNs, ...inputs.map((input) => input.intervalNs)]),
    buckets: Math.max(buckets, most(inputs, 'buckets')),
    series,
    points: total(inputs, 'points'),
    values: rowsOf(plan, { series, buckets }, total(inputs, 'rows')) * columns,
    functions: total(inputs, 'functions') + asked.calls.length,
    regexes: total(inputs, 'regexes') + countRegexes(exprs),
  }
}

const longer = (a: bigint, b: bigint): bigint => (a > b ? a : b)

function shortest(intervals: readonly bigint[]): bigint {
  const given = intervals.filter((ns) => ns > 0n)
  return given.reduce((least, ns) => (ns < least ? ns : least), given[0] ?? 0n)
}
