import { Refusal } from '../../http/refusal.ts'
import type { Asker } from '../asker.ts'
import type { QueryLimiter } from '../limits/charge-query.ts'
import { type AnswerQuery, type MetricAnswer, toAnswer } from './answer-query.ts'
import { withWarning } from './body/with-warning.ts'
import { type FitOptions, fitQuery } from './cost/fit-query.ts'
import type { ReadQuery } from './read/read-query.ts'

export interface RunQueryOptions {
  readonly answerQuery: AnswerQuery
  readonly limiter: QueryLimiter
  readonly fit: FitOptions
}

/** Answers each statement, in order. An error of the first one is a `Refusal`: Grafana reads no other result, and its newer parser
 *  drops an error that comes with 200 (decision 7). */
export async function runQuery(
  read: ReadQuery,
  asker: Asker,
  { answerQuery, limiter, fit }: RunQueryOptions,
): Promise<MetricAnswer> {
  // Grafana's plugin panics at an empty list.
  if (read.isEmpty) return toAnswer([{ statement_id: 0 }])
  const { trail } = asker
  trail.text = read.text
  trail.isTextLight = read.isTextLight
  const { query, warning, cost, isDear, clampedFromNs } = await fitQuery(read, asker, fit)
  trail.cost = cost
  trail.isDear = isDear
  if (clampedFromNs !== undefined) trail.clampedFromNs = clampedFromNs
  await limiter.charge(asker, 'metrics')
  const answer = await answerQuery(query, asker)
  const { firstError } = answer
  if (firstError !== undefined) throw new Refusal('bad_request', firstError)
  return warning === undefined ? answer : withWarning(answer, warning)
}
