import { databaseOf } from '@warren/contracts/names'
import { firstKeptMs, type Retention } from '../../../retention.ts'
import type { Influx1Connection } from '../connection.ts'
import { ShardGroups } from './shard-groups.ts'
import type { StaleMarks } from './stale-marks.ts'
import { narrowest } from './touched-windows.ts'

interface Stored {
  readonly connection: Influx1Connection
  readonly marks: StaleMarks
  /** Policy of raw points. */
  readonly raw: string
}

/** Points that were stored before there were rollups lack them: every window that the tenant keeps, of the shards that are there. */
export async function noteStored(
  { connection, marks, raw }: Stored,
  retention: Retention,
): Promise<void> {
  const groups = await ShardGroups.read(connection)
  for (const { start, end } of groups.of(databaseOf(retention.tenant), raw)) {
    const from = Math.max(start, firstKeptMs(retention) / 1000)
    const to = Math.min(end, retention.nowMs / 1000)
    const [first, last] = [Math.floor(from / narrowest), Math.ceil(to / narrowest) - 1]
    await marks.noteRange(retention.tenant, first, last)
  }
}
