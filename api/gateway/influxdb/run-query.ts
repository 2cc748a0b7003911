import { Refusal } from '../../http/refusal.ts'
import type { Asker } from '../asker.ts'
import type { QueryLimiter } from '../limits/charge-query.ts'
import { planFor, type RollupOptions } from '../rollups/plan-for.ts'
import { type AnswerQuery, type MetricAnswer, toAnswer } from './answer-query.ts'
import type { ReadQuery } from './read-query.ts'

export interface RunQueryOptions {
  readonly answerQuery: AnswerQuery
  readonly limiter: QueryLimiter
  /** Absent: the store keeps none. */
  readonly rollups?: RollupOptions | undefined
}

/** Answers each statement, in order. An error of the first one is a `Refusal`: Grafana reads no other result, and its newer parser
 *  drops an error that comes with 200 (grafana-queries.md §6). */
export async function runQuery(
  { query, text, cost, isEmpty }: ReadQuery,
  asker: Asker,
  { answerQuery, limiter, rollups }: RunQueryOptions,
): Promise<MetricAnswer> {
  // Grafana's plugin panics at an empty list (grafana-queries.md §1.1).
  if (isEmpty) return toAnswer([{ statement_id: 0 }])
  const { trail } = asker
  trail.text = text
  trail.cost = cost
  if (rollups !== undefined) Object.assign(trail, await planFor({ query, cost }, asker, rollups))
  await limiter.charge(asker, 'metrics')
  const answer = await answerQuery(query, asker)
  const { firstError } = answer
  if (firstError !== undefined) throw new Refusal('bad_request', firstError)
  return answer
}
