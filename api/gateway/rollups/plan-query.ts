import type { SelectStatement, Statement } from '@warren/influxql/tree'
import type { ScopedQuery } from '../influxdb/answer-query.ts'
import { pointsPart, rollupPart } from './parts.ts'
import { type PlanContext, type Planned, planStatement, type Rolled } from './plan.ts'

type Asked = Pick<ScopedQuery, 'statements' | 'nowNs'>

/** How to answer each statement of a query. */
export const planStatements = (
  { statements, nowNs }: Asked,
  context: Omit<PlanContext, 'nowNs'>,
): readonly Planned[] => statements.map((each) => planStatement(each, { ...context, nowNs }))

/** What the stores will be asked for. */
export const askedFor = (
  planned: readonly Planned[],
  { statements }: Pick<ScopedQuery, 'statements'>,
): readonly Statement[] =>
  statements.flatMap((statement, at): readonly Statement[] => {
    const plan = planned[at]
    return plan?.kind === 'rolled' ? partsOf(plan) : [statement]
  })

/** How far rollups are behind, about, where it is not known yet. */
const lagNs = 600_000_000_000n

function partsOf(rolled: Rolled): readonly SelectStatement[] {
  const { range, borderNs = range.maxNs - lagNs } = rolled
  const parts = [rollupPart(rolled)]
  return borderNs > range.maxNs ? parts : [...parts, pointsPart(rolled, borderNs)]
}
