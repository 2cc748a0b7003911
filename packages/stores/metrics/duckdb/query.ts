import type { DuckDBConnection } from '@duckdb/node-api'
import type { StatementResult } from '@warren/influxql/answers/result'
import { evaluateStatement } from '@warren/influxql/evaluate/evaluate'
import { policiesOf } from '@warren/influxql/rollup-policy'
import type { DayFiles } from '../../duckdb/day-files.ts'
import type { Engine } from '../../duckdb/engine.ts'
import { toQuestionError } from '../../duckdb/store-error.ts'
import { rollupDaysOf, rollupPolicies } from '../../rollup-policies.ts'
import type { MetricQuery, MetricRetention } from '../metric-store.ts'
import type { MetricFileState } from './file-state.ts'
import type { RollupFiles } from './rollups/rollup-files.ts'
import type { SeriesCache } from './series-cache.ts'
import { DayFileSource } from './source.ts'

interface QueryContext {
  readonly engine: Engine
  readonly files: DayFiles<MetricFileState>
  readonly rollups: readonly RollupFiles[]
  /** By tenant, since its retention was last seen to. */
  readonly kept: ReadonlyMap<string, MetricRetention>
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
  } catch (cause) {
    throw toQuestionError(cause)
  } finally {
    query.signal.removeEventListener('abort', interrupt)
    connection.closeSync()
  }
}

async function answerStatements(
  { files, rollups, kept, cache, maxSelectPoints }: QueryContext,
  { tenant, statements, epoch, nowNs, hiddenTags, signal }: MetricQuery,
  connection: DuckDBConnection,
): Promise<StatementResult[]> {
  const results: StatementResult[] = []
  for (const [statement_id, statement] of statements.entries()) {
    signal.throwIfAborted()
    const [policy, ...others] = policiesOf(statement)
    if (others.length > 0) {
      results.push({ statement_id, error: 'a statement reads one retention policy, not several' })
      continue
    }
    // Scoped: it is none or one of these.
    const rollup = rollups.find(({ policy: { name } }) => name === policy)
    const source = new DayFileSource({
      tenant,
      files: rollup?.files ?? files,
      spanDays: rollup?.spanDays ?? 1,
      connection,
      cache,
      maxPoints: maxSelectPoints,
      signal,
    })
    const answering = evaluateStatement(statement, {
      ...{ source, nowNs, epoch, hiddenTags, signal },
      policies: rollupPolicies.map((each) => ({
        name: each.name,
        days: rollupDaysOf(each, kept.get(tenant) ?? { days: 0 }),
      })),
    })
    const answer = await answering.finally(() => source.release())
    results.push({ statement_id, ...answer })
  }
  return results
}
