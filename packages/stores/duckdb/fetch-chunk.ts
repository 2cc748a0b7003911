import { type DuckDBDataChunk, type DuckDBResult, ResultReturnType } from '@duckdb/node-api'
import { storeError } from './store-error.ts'

/**
 * The next rows of a stream; undefined at its end. Rejects with `store_failed` when DuckDB stopped before it: cancelled,
 * out of memory, or by a block that it cannot read. Its own `fetchChunk` gives no rows then, as at the end, and keeps the
 * reason to itself: `duckdb_result_return_type` alone tells that there is one, which is INVALID for a result with an error
 * (https://duckdb.org/docs/stable/clients/c/api#duckdb_result_return_type).
 */
export async function fetchChunk(result: DuckDBResult): Promise<DuckDBDataChunk | undefined> {
  const chunk = await result.fetchChunk()
  if (chunk !== null && chunk.rowCount > 0) return chunk
  if (result.returnType === ResultReturnType.INVALID)
    throw storeError(
      'store_failed',
      'the embedded store stopped in the middle of an answer: it had no memory left, or could not read a file',
    )
  return undefined
}
