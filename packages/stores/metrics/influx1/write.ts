import { databaseOf, publicDatabase } from '@warren/contracts/names'
import { awayError } from '../../influx/store-away.ts'
import { trySend, type WriteResult } from '../../influx/write-failure.ts'
import { writeLines } from '../../influx/write-lines.ts'
import type { WriteOutcome } from '../../write-outcome.ts'
import type { PointBatch } from '../metric-store.ts'
import type { Influx1Connection } from './connection.ts'
import { ensureDatabase } from './database.ts'
import type { StaleMarks } from './rollups/stale-marks.ts'
import { touchedWindows } from './rollups/touched-windows.ts'

interface WriteContext {
  readonly connection: Influx1Connection
  readonly marks: StaleMarks
}

/** Writes to the tenant's database, which is made when it is missing. */
export async function writeBatch(
  { connection, marks }: WriteContext,
  batch: PointBatch,
): Promise<WriteOutcome> {
  const windows = touchedWindows(batch)
  const database = databaseOf(batch.tenant)
  const path = `/write?db=${database}&precision=ns`
  const sendLines = async (lines: readonly Uint8Array[]): Promise<WriteResult> => {
    const first = await trySend(connection.sender, path, lines)
    if (first.kind !== 'not found') return first
    await ensureDatabase(connection, database)
    const second = await trySend(connection.sender, path, lines)
    // An early "not found" may still be on its way.
    if (second.kind === 'stored') return { ...second, isSent: false }
    if (second.kind !== 'not found') return second
    const refusal = { host: connection.host, status: 404, text: second.text }
    return { kind: 'away', error: awayError(refusal, Date.now()) }
  }
  // Beside each other: points count as stored once their windows are marked as well.
  const send = async (lines: readonly Uint8Array[]): Promise<WriteResult> => {
    const marked = marks.note(batch.tenant, windows)
    if (marked === undefined) return sendLines(lines)
    const [sent, noted] = await Promise.allSettled([sendLines(lines), marked])
    if (noted.status === 'rejected') throw noted.reason
    if (sent.status === 'rejected') throw sent.reason
    return sent.value
  }
  const { refused } = await writeLines(batch, send)
  return {
    refused: refused.map((item) => ({
      ...item,
      reason: item.reason.replaceAll(database, publicDatabase),
    })),
  }
}
