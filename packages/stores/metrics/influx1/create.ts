import { databaseOf, defaultTenant } from '@warren/contracts/names'
import type { MetricStore } from '../metric-store.ts'
import { createConnection, type Influx1Settings } from './connection.ts'
import { ensureDatabase } from './database.ts'
import { runQuery, runSelect } from './query.ts'
import { retain } from './retain.ts'
import { LeftPoints } from './rollups/left-points.ts'
import { RollUp } from './rollups/roll-up.ts'
import { StaleMarks } from './rollups/stale-marks.ts'
import { writeBatch } from './write.ts'

/** `now` is when points come. */
export function createInflux1(settings: Influx1Settings, now = Date.now): MetricStore {
  const connection = createConnection(settings)
  const marks = new StaleMarks({ connection, writeTimeoutMs: settings.writeTimeoutMs, now })
  const job = { ...connection, queryTimeoutMs: Math.min(settings.queryTimeoutMs, jobTimeoutMs) }
  const postponed = new Map<string, number>()
  const rollUp = new RollUp({ connection: job, marks })
  const left = new LeftPoints(job)
  return {
    write: (batch) => writeBatch({ connection, marks }, batch),
    query: (query) => runQuery(connection, query),
    select: (select) => runSelect(connection, select),
    rollUp: (nowMs) => rollUp.round(nowMs),
    pointsSince: (tenant) => left.since(tenant),
    retain: (retention) => retain({ connection: job, marks, postponed }, retention),
    // Goes through the server's own authorisation and its disk, as a write does.
    check: () => ensureDatabase(connection, databaseOf(defaultTenant)),
    close: async () => {
      connection.sender.close()
      connection.asking.close()
    },
  }
}

/** One question of a job in the background: a poller that closes waits for it. */
const jobTimeoutMs = 30_000
