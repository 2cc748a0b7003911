import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { toStoreError } from './store-error.ts'

export interface EngineSettings {
  /** Of DuckDB's buffers; beyond it a query spills to `spillDir` or fails. */
  readonly memoryLimitMb: number
  readonly threads: number
  readonly spillDir: string
}

export interface Engine {
  /** One transaction at a time each; all see the same attached files. */
  connect(): Promise<DuckDBConnection>
  close(): void
}

/** One DuckDB in this thread whose main database is empty and in memory: data live in attached files. */
export async function openEngine({
  memoryLimitMb,
  threads,
  spillDir,
}: EngineSettings): Promise<Engine> {
  try {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${memoryLimitMb}MB`,
      threads: String(threads),
      temp_directory: spillDir,
      checkpoint_threshold: '16MB',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      // Without it freed blocks stay with the allocator's threads and the process grows to twice the limit.
      allocator_flush_threshold: '16MB',
    })
    return { connect: () => instance.connect(), close: () => instance.closeSync() }
  } catch (cause) {
    throw toStoreError(cause)
  }
}

/** Runs `work` on a connection of its own, which nothing else can be in the midst of. */
export async function onConnection<Result>(
  engine: Pick<Engine, 'connect'>,
  work: (connection: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  const connection = await engine.connect()
  try {
    return await work(connection)
  } finally {
    connection.closeSync()
  }
}

/** Runs `work` in one transaction of the connection; a throw rolls it back. DuckDB lets a transaction write to one attached file only. */
export async function inTransaction<Result>(
  connection: DuckDBConnection,
  work: () => Promise<Result>,
): Promise<Result> {
  await connection.run('BEGIN TRANSACTION')
  let result: Result
  try {
    result = await work()
  } catch (cause) {
    // A transaction that DuckDB ended by itself cannot be rolled back; the first error is the one to know.
    await connection.run('ROLLBACK').catch(() => undefined)
    throw cause
  }
  await connection.run('COMMIT')
  return result
}
