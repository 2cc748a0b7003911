import { databaseOf } from '@warren/contracts/names'
import type { StatementResult } from '@warren/influxql/answers/result'
import { withoutTags } from '@warren/influxql/answers/strip'
import { withoutHidden } from '@warren/influxql/answers/without-hidden'
import { printStatement } from '@warren/influxql/print'
import { rollupNames } from '@warren/influxql/rollup-policy'
import type { Statement } from '@warren/influxql/tree'
import type { AnswerBytes } from '../../answer-bytes.ts'
import { type Answer, ask } from '../../influx/ask.ts'
import { pinNow } from '../../influx/pin-now.ts'
import { onlyDatabase, toPublic } from '../../influx/public-names.ts'
import type { MetricQuery, MetricSelect } from '../metric-store.ts'
import type { Influx1Connection } from './connection.ts'
import { ensureDatabase, isMissing } from './database.ts'

/** One request for all statements; those that it leaves without an answer of their own are asked alone.
 *  InfluxDB stops at the first error, says "not executed" of the rest, and may lose the error itself (1.6.7: it is merged into another result of the same id). */
export async function runQuery(
  connection: Influx1Connection,
  query: MetricQuery,
): Promise<readonly StatementResult[]> {
  const { statements, tenant, hiddenTags } = query
  const asked = [...statements.keys()].filter((id) => statements[id]?.kind !== 'show databases')
  const together = asked.length > 1 ? await askAll(connection, query, asked) : []
  const results = new Map<number, StatementResult>()
  for (const id of statements.keys()) {
    const position = asked.indexOf(id)
    if (position < 0) results.set(id, onlyDatabase(id))
    else results.set(id, together[position] ?? (await askOne(connection, query, id)))
  }
  const all = [...results].map(([id, result]) => toPublic({ ...result, statement_id: id }, tenant))
  return hiddenTags === undefined ? all : withoutTags(all, statements, hiddenTags)
}

/** One SELECT, whose answer comes as bytes where it is whole. */
export async function runSelect(
  connection: Influx1Connection,
  { statement, tenant, epoch, nowNs, hiddenTags, share, signal }: MetricSelect,
): Promise<StatementResult | AnswerBytes> {
  const query = { statements: [statement], tenant, epoch, nowNs, hiddenTags, share, signal }
  const asked = { ids: [0], withoutTags: hiddenTags }
  const answer = await askMaking(connection, query, asked)
  if (answer.asBytes !== undefined) return answer.asBytes
  const result = toPublic({ ...toResult(answer, 0), statement_id: 0 }, tenant)
  return withoutTags([result], [statement], hiddenTags)[0] ?? result
}

/** The leading results that are sound: after the first that is not, nothing can be told apart. */
async function askAll(
  connection: Influx1Connection,
  query: MetricQuery,
  ids: readonly number[],
): Promise<readonly StatementResult[]> {
  const { results } = await askStatements(connection, query, { ids })
  const unsound = results.findIndex(
    ({ statement_id, error }, position) => statement_id !== position || error !== undefined,
  )
  const sound = unsound < 0 ? results : results.slice(0, unsound)
  // The error of a later statement may hide in the last sound result, which has the id it was merged into.
  return sound.length === ids.length ? sound : sound.slice(0, -1)
}

async function askOne(
  connection: Influx1Connection,
  query: MetricQuery,
  id: number,
): Promise<StatementResult> {
  return toResult(await askMaking(connection, query, { ids: [id] }), id)
}

/** Made when it is missing: a tenant's first question may come before its first point. */
async function askMaking(
  connection: Influx1Connection,
  query: MetricQuery,
  asked: Asked,
): Promise<Answer> {
  const database = databaseOf(query.tenant)
  const first = await askStatements(connection, query, asked)
  if (!isMissing(first.error ?? first.results[0]?.error ?? '', database)) return first
  await ensureDatabase(connection, database)
  return askStatements(connection, query, asked)
}

function toResult({ results, error }: Answer, id: number): StatementResult {
  const [result] = results
  if (error !== undefined) return { statement_id: id, error }
  // Made with the tenant's retention: until then it holds nothing.
  if (isMissingRollup(result?.error)) return { statement_id: id }
  return result ?? { statement_id: id, error: 'the store gave no answer to this statement' }
}

const isMissingRollup = (error: string | undefined): boolean =>
  rollupNames.some((name) => error === `retention policy not found: ${name}`)

/** Which of the statements, and without which tags their answer may come as bytes. */
interface Asked {
  readonly ids: readonly number[]
  readonly withoutTags?: ReadonlySet<string>
}

function askStatements(
  connection: Influx1Connection,
  { statements, tenant, epoch, nowNs, hiddenTags, signal, share }: MetricQuery,
  { ids, withoutTags }: Asked,
): Promise<Answer> {
  const chosen = ids.map((id) => statements[id]).filter((each): each is Statement => !!each)
  return ask(connection, {
    text: chosen
      .map((each) => printStatement(withoutHidden(pinNow(each, nowNs), hiddenTags)))
      .join(';'),
    database: databaseOf(tenant),
    ...{ epoch, signal, share, withoutTags },
  })
}
