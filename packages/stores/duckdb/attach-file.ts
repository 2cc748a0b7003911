import { setTimeout as delay } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { backoffMs } from '@warren/platform/backoff'
import { storeError, toStoreError } from './store-error.ts'

/** Of new files: the first that knows zstd. One that was made before keeps its own. https://duckdb.org/docs/stable/internals/storage */
const layout = 'v1.4.0'

/** Failures to open a file that say nothing against the file. */
const blameless: ReadonlySet<string> = new Set([
  ...['disk_full', 'out_of_memory', 'store_locked', 'store_busy'],
])

const stillHeld = { firstMs: 2, maxMs: 200 }
const stillHeldMs = 10_000

const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`

/** A file of that path that was detached just now is waited for: a statement that looked at every attached file keeps it until it ends. */
async function attach(connection: DuckDBConnection, what: string): Promise<void> {
  const untilMs = performance.now() + stillHeldMs
  for (let attempt = 0; ; attempt++)
    try {
      await connection.run(`ATTACH ${what}`)
      return
    } catch (cause) {
      const error = toStoreError(cause)
      if (error.code !== 'store_busy' || performance.now() > untilMs) throw error
      await delay(backoffMs(attempt, stillHeld))
    }
}

/** Attaches a file under a quoted name. Throws `file_corrupt`, or what says nothing against the file: `disk_full`, `out_of_memory`, `store_locked`, `store_busy`. */
export async function attachFile(
  connection: DuckDBConnection,
  path: string,
  name: string,
): Promise<void> {
  try {
    await attach(connection, `${quoted(path)} AS ${name}`)
  } catch (cause) {
    const error = toStoreError(cause)
    if (blameless.has(error.code)) throw error
    throw storeError('file_corrupt', `cannot open ${path}: ${error.message}`, cause)
  }
}

/** Makes a file and attaches it under a quoted name; none may be there. `blockSize` in bytes, DuckDB's own unless said. Throws as a statement does. */
export async function attachNewFile(
  connection: DuckDBConnection,
  path: string,
  { name, blockSize }: { readonly name: string; readonly blockSize?: number },
): Promise<void> {
  const options = [
    `STORAGE_VERSION '${layout}'`,
    ...(blockSize === undefined ? [] : [`BLOCK_SIZE ${blockSize}`]),
  ]
  await attach(connection, `${quoted(path)} AS ${name} (${options.join(', ')})`)
}
