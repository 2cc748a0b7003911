import { setTimeout as delay } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { backoffMs } from '@warren/platform/backoff'
import { quoted } from './draft-file.ts'
import { storeError, toStoreError } from './store-error.ts'

/** Failures to open a file that say nothing against the file. */
const blameless: ReadonlySet<string> = new Set([
  ...['disk_full', 'out_of_memory', 'store_locked', 'store_busy'],
])

const stillHeld = { firstMs: 2, maxMs: 200 }
const stillHeldMs = 10_000

/** Attaches a file under a quoted name. One that was detached just now is waited for: a statement that looked at every attached file keeps it until it ends.
 *  Throws `file_corrupt`, or what says nothing against the file: `disk_full`, `out_of_memory`, `store_locked`, `store_busy`. */
export async function attachFile(
  connection: DuckDBConnection,
  path: string,
  name: string,
): Promise<void> {
  const untilMs = performance.now() + stillHeldMs
  for (let attempt = 0; ; attempt++)
    try {
      await connection.run(`ATTACH ${quoted(path)} AS ${name}`)
      return
    } catch (cause) {
      const error = toStoreError(cause)
      if (!blameless.has(error.code))
        throw storeError('file_corrupt', `cannot open ${path}: ${error.message}`, cause)
      if (error.code !== 'store_busy' || performance.now() > untilMs) throw error
      await delay(backoffMs(attempt, stillHeld))
    }
}
