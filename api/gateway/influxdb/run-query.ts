import { publicDatabase } from '@warren/contracts/names'
import { boundWindows } from '@warren/influxql/bound-windows'
import { EvaluationError } from '@warren/influxql/evaluation-error'
import { parseQuery } from '@warren/influxql/parse'
import { ParseError } from '@warren/influxql/parse-error'
import { readPolicy } from '@warren/influxql/policy'
import { printStatement } from '@warren/influxql/print'
import { scopeStatement } from '@warren/influxql/scope'
import { ScopeError } from '@warren/influxql/scope-error'
import type { Statement } from '@warren/influxql/tree'
import { Refusal } from '../../http/refusal.ts'
import type { Asker } from '../asker.ts'
import type { QueryLimiter } from '../limits/charge-query.ts'
import { type AnswerQuery, type MetricAnswer, toAnswer } from './answer-query.ts'
import type { QueryParameters } from './parameters.ts'
import { priceOf } from './price.ts'

export interface RunQueryOptions {
  readonly answerQuery: AnswerQuery
  readonly limiter: QueryLimiter
  readonly now?: (() => number) | undefined
}

function toRefusal(error: unknown): unknown {
  if (error instanceof ParseError || error instanceof EvaluationError)
    return new Refusal('bad_request', error.message)
  if (error instanceof ScopeError) return new Refusal('forbidden', error.message)
  return error
}

/** The statements as the tenant may run them. Throws a `Refusal` that names the first that it may not. */
function readStatements(
  { text, bound, policy }: QueryParameters,
  tenant: string,
  nowNs: bigint,
): readonly Statement[] {
  try {
    const scope = {
      ...{ database: publicDatabase, tenant },
      policy: policy === undefined ? undefined : readPolicy(policy),
    }
    const all = parseQuery(text, { parameters: bound }).map((each) => scopeStatement(each, scope))
    for (const statement of all) boundWindows(statement, nowNs)
    return all
  } catch (error) {
    throw toRefusal(error)
  }
}

/** Answers each statement, in order. An error of the first one is a `Refusal`: Grafana reads no other result, and its newer parser
 *  drops an error that comes with 200 (grafana-queries.md §6). */
export async function runQuery(
  parameters: QueryParameters,
  asker: Asker,
  { answerQuery, limiter, now = Date.now }: RunQueryOptions,
): Promise<MetricAnswer> {
  const nowNs = BigInt(now()) * 1_000_000n
  const statements = readStatements(parameters, asker.tenant, nowNs)
  // Only comments, or nothing between semicolons: Grafana's plugin panics at an empty list (grafana-queries.md §1.1).
  if (statements.length === 0) return toAnswer([{ statement_id: 0 }])
  asker.trail.text = () => statements.map(printStatement).join('; ')
  asker.trail.cost = priceOf(statements, { nowNs })
  await limiter.charge(asker, 'metrics')
  const answer = await answerQuery({ statements, epoch: parameters.epoch, nowNs }, asker)
  const { firstError } = answer
  if (firstError !== undefined) throw new Refusal('bad_request', firstError)
  return answer
}
