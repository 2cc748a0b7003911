import { costOf } from '@warren/influxql/cost'
import type { CostContext } from '@warren/influxql/cost/cost-parts'
import { EvaluationError } from '@warren/influxql/evaluation-error'
import type { Statement } from '@warren/influxql/tree'
import type { ScopedQuery } from '../answer-query.ts'

/** What a statement that the store will refuse costs. */
const leastCost = 1

/** What a tenant's query costs, in units; `known` where that was found out already. */
export type Price = (tenant: string, query: Asked, known?: number) => number

type Asked = Pick<ScopedQuery, 'statements' | 'nowNs' | 'ranged'>

/** As if every measurement had one series. */
export const plainPrice: Price = (_, { statements, nowNs }, known) =>
  known ?? priceOf(statements, { nowNs })

/** Of all the statements, in units of cost. */
export function priceOf(statements: readonly Statement[], context: CostContext): number {
  return statements.reduce((sum, statement) => sum + unitsOf(statement, context), 0)
}

function unitsOf(statement: Statement, context: CostContext): number {
  try {
    return costOf(statement, context).units
  } catch (error) {
    // The store words it.
    if (error instanceof EvaluationError) return leastCost
    throw error
  }
}
