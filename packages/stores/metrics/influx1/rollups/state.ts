import { WarrenError } from '@warren/platform/errors'
import { trySend } from '../../../influx/write-failure.ts'
import type { Influx1Connection } from '../connection.ts'
import { ensureDatabase } from '../database.ts'

/** What the job of rollups remembers, of all tenants: no tenant's database, as names of tenants have no hyphen. Times in it are numbers of windows, as nanoseconds: all lie in its first shard. */
export const stateDatabase = 'warren-rollups'

/** Throws a `WarrenError` unless the lines are durable; makes the database when it is missing. */
export async function saveState(
  connection: Influx1Connection,
  lines: readonly string[],
): Promise<void> {
  const path = `/write?db=${stateDatabase}&precision=ns`
  const body = [Buffer.from(`${lines.join('\n')}\n`)]
  let result = await trySend(connection.sender, path, body)
  if (result.kind === 'not found') {
    await ensureDatabase(connection, stateDatabase)
    result = await trySend(connection.sender, path, body)
  }
  if (result.kind === 'stored') return
  if (result.kind === 'away') throw result.error
  const why = result.kind === 'too large' ? 'too large' : result.text
  const text = `InfluxDB at ${connection.host} does not take what rollups lack: ${why}`
  throw new WarrenError(text, { code: 'store_refused', disposition: 'retry' })
}
