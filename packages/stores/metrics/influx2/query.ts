import { databaseOf } from '@warren/contracts/names'
import type { StatementResult } from '@warren/influxql/answers/result'
import { withoutTags } from '@warren/influxql/answers/strip'
import { withoutHidden } from '@warren/influxql/answers/without-hidden'
import { printStatement } from '@warren/influxql/print'
import type { Statement } from '@warren/influxql/tree'
import { ask } from '../../influx/ask.ts'
import { pinNow } from '../../influx/pin-now.ts'
import { onlyDatabase, toPublic } from '../../influx/public-names.ts'
import type { MetricQuery } from '../metric-store.ts'
import type { Reader } from './reader.ts'

/** InfluxQL through the `/query` of 2.x and 3.x, where a database is a bucket of its name:
 *  https://docs.influxdata.com/influxdb/v2/api-guide/influxdb-1x/query/. One request a statement: one error leaves the others alone. */
export async function runQuery(
  reader: Reader,
  query: MetricQuery,
): Promise<readonly StatementResult[]> {
  const { hiddenTags } = query
  const results: StatementResult[] = []
  for (const [id, statement] of query.statements.entries()) {
    const result =
      statement.kind === 'show databases'
        ? onlyDatabase(id)
        : await askOne(reader, query, statement)
    results.push(toPublic({ ...result, statement_id: id }, query.tenant))
  }
  return hiddenTags === undefined ? results : withoutTags(results, query.statements, hiddenTags)
}

async function askOne(
  reader: Reader,
  { tenant, epoch, nowNs, hiddenTags, signal, share }: MetricQuery,
  statement: Statement,
): Promise<StatementResult> {
  const text = printStatement(withoutHidden(pinNow(statement, nowNs), hiddenTags))
  const { results, error } = await ask(reader, {
    text,
    database: databaseOf(tenant),
    ...{ epoch, signal, share },
  })
  if (error !== undefined) return { statement_id: 0, error }
  return results[0] ?? { statement_id: 0, error: 'the store gave no answer to this statement' }
}
