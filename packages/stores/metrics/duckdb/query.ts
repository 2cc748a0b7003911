import type { DuckDBConnection } from '@duckdb/node-api'
import { evaluateStatement } from '@warren/influxql/evaluate/evaluate'
import type { StatementResult } from '@warren/influxql/result'
import type { DayFiles } from '../../duckdb/day-files.ts'
import type { Engine } from '../../duckdb/engine.ts'
import type { MetricQuery } from '../metric-store.ts'
import type { MetricFileState } from './file-state.ts'
import type { SeriesCache } from './series-cache.ts'
import { DayFileSource } from './source.ts'

interface QueryContext {
  readonly engine: Engine
  readonly files: DayFiles<MetricFileState>
  readonly cache: SeriesCache
  readonly maxSelectPoints: number
}

/** Answers each statement in order, on a connection of its own, so that no query waits for another or for a write. */
export async function answerQuery(
  context: QueryContext,
  query: MetricQuery,
): Promise<readonly StatementResult[]> {
  const connection = await context.engine.connect()
  const interrupt = () => connection.interrupt()
  query.signal.addEventListener('abort', interrupt)
  try {
    return await answerStatements(context, query, connection)
  } finally {
    query.signal.removeEventListener('abort', interrupt)
    connection.closeSync()
  }
}

async function answerStatements(
  { files, cache, maxSelectPoints }: QueryContext,
  { tenant, statements, epoch, nowNs, signal }: MetricQuery,
  connection: DuckDBConnection,
): Promise<StatementResult[]> {
  const results: StatementResult[] = []
  for (const [statement_id, statement] of statements.entries()) {
    signal.throwIfAborted()
    const source = new DayFileSource({
      tenant,
      files,
      connection,
      cache,
      maxPoints: maxSelectPoints,
      signal,
    })
    const answer = await evaluateStatement(statement, { source, nowNs, epoch, signal })
    results.push({ statement_id, ...answer })
  }
  return results
}
