import { publicDatabase } from '@warren/contracts/names'
import { parseQuery } from '@warren/influxql/parse'
import { ParseError } from '@warren/influxql/parse-error'
import { readPolicy } from '@warren/influxql/policy'
import type { StatementResult } from '@warren/influxql/result'
import { scopeStatement } from '@warren/influxql/scope'
import { ScopeError } from '@warren/influxql/scope-error'
import { stripTags } from '@warren/influxql/strip'
import type { Statement } from '@warren/influxql/tree'
import { Refusal } from '../../http/refusal.ts'
import type { Asker } from '../asker.ts'
import type { AnswerQuery } from './answer-query.ts'
import type { QueryParameters } from './parameters.ts'

export interface RunQueryOptions {
  readonly answerQuery: AnswerQuery
  readonly now?: () => number
}

function toRefusal(error: unknown): unknown {
  if (error instanceof ParseError) return new Refusal('bad_request', error.message)
  if (error instanceof ScopeError)
    return new Refusal(error.code === 'not_authorized' ? 'forbidden' : 'bad_request', error.message)
  return error
}

/** The statements as the tenant may run them. Throws a `Refusal` that names the first that it may not. */
function readStatements({ text, policy }: QueryParameters, tenant: string): readonly Statement[] {
  try {
    const scope = {
      ...{ database: publicDatabase, tenant },
      policy: policy === undefined ? undefined : readPolicy(policy),
    }
    const statements = parseQuery(text).map((statement) => scopeStatement(statement, scope))
    if (statements.length > 0) return statements
  } catch (error) {
    throw toRefusal(error)
  }
  throw new Refusal('bad_request', 'the query holds no statement')
}

/** Stamped by us, and the second lock of isolation: no business of the caller's. */
const hiddenTags: ReadonlySet<string> = new Set(['tenant'])

/** A store shared by tenants would list them all. */
const ownDatabase: Omit<StatementResult, 'statement_id'> = {
  series: [{ name: 'databases', columns: ['name'], values: [[publicDatabase]] }],
}

/** Answers each statement, in order. An error of the first one is a `Refusal`: Grafana reads no other result, and its newer parser
 *  drops an error that comes with 200 (grafana-queries.md §6). */
export async function runQuery(
  parameters: QueryParameters,
  asker: Asker,
  { answerQuery, now = Date.now }: RunQueryOptions,
): Promise<readonly StatementResult[]> {
  const all = readStatements(parameters, asker.tenant)
  const asked = all.filter(({ kind }) => kind !== 'show databases')
  const nowNs = BigInt(now()) * 1_000_000n
  const { epoch } = parameters
  const { results: answers } =
    asked.length === 0
      ? { results: [] }
      : await answerQuery({ statements: asked, epoch, nowNs }, asker)
  const rest = stripTags(answers, hiddenTags)
  const results = all.map(({ kind }, index) => ({
    ...(kind === 'show databases' ? ownDatabase : rest.shift()),
    statement_id: index,
  }))
  const error = results[0]?.error
  if (error !== undefined) throw new Refusal('bad_request', error)
  return results
}
