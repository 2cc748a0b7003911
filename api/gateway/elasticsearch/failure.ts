import type { SearchAnswer, SearchFailure } from '@warren/searchdsl/answer'
import { SearchError, toSearchFailure } from '@warren/searchdsl/errors'
import type { ErrorCode } from '../../http/error-codes.ts'
import { toRefusal } from '../../http/problem.ts'
import type { Refusal } from '../../http/refusal.ts'
import { withRequestId } from '../../http/trace.ts'

/** Elasticsearch's own names of what we refuse; the rest is `illegal_argument_exception`. */
const types: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'security_exception',
  forbidden: 'security_exception',
  cross_site: 'security_exception',
  too_many_requests: 'es_rejected_execution_exception',
  answer_too_large: 'circuit_breaking_exception',
  too_costly: 'circuit_breaking_exception',
  query_deadline: 'timeout_exception',
  unavailable: 'no_shard_available_action_exception',
  internal: 'exception',
}

/** The waiting time goes into the text: nobody sees the header. */
function reasonOf({ message, retryAfterS }: Refusal): string {
  if (retryAfterS === undefined || message.includes('retry in')) return message
  return `${message}; retry in ${retryAfterS} s`
}

/** Any error in Elasticsearch's shape. */
export function toFailure(error: unknown): SearchFailure {
  if (error instanceof SearchError) return toSearchFailure(error)
  const refusal = toRefusal(error)
  return toSearchFailure({
    type: types[refusal.code] ?? 'illegal_argument_exception',
    reason: reasonOf(refusal),
    status: refusal.status,
  })
}

/** The answer, with the request's id in every reason of a failure. */
export function named<Answer extends SearchAnswer>(answer: Answer, requestId: string): Answer {
  if (!('error' in answer)) return answer
  const { error } = answer
  const name = <Part extends { readonly reason: string }>(part: Part): Part => ({
    ...part,
    reason: withRequestId(part.reason, requestId),
  })
  return { ...answer, error: { ...name(error), root_cause: error.root_cause.map(name) } }
}
