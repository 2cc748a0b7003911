import { setTimeout as sleep } from 'node:timers/promises'
import { backoffMs } from '@warren/platform/backoff'
import { dispositionOf, reasonOf, WarrenError } from '@warren/platform/errors'
import { Kysely, PostgresDialect, sql } from 'kysely'
import type { Catalog } from './catalog.ts'
import { classifyErrors, toCatalogError } from './catalog-error.ts'
import { createCloudifyDeployments } from './cloudify-deployments.ts'
import { createDeadLetterReplays } from './dead-letter-replays.ts'
import { type DeadLetterLimits, defaultDeadLetterLimits } from './dead-letter-room.ts'
import { createDeadLetters } from './dead-letters.ts'
import { createMetricMetadata } from './metric-metadata.ts'
import { migrate } from './migrate.ts'
import { openPool } from './pool.ts'
import { createQueryLimits } from './query-limits.ts'
import { createRetention } from './retention.ts'
import { createSeenSeries } from './seen-series.ts'
import { createSessions } from './sessions.ts'
import type { CatalogTables } from './tables.ts'
import { createTaps } from './taps.ts'
import { createTenants } from './tenants.ts'
import { createTokens } from './tokens.ts'
import { createUsers } from './users.ts'

export interface CatalogOptions {
  /** `postgres://user:password@host:port/database`, or with `?host=/folder` for a socket. */
  readonly url: string
  readonly connections?: number
  readonly statementTimeoutMs?: number
  /** How long a server that is away is waited for before opening fails. */
  readonly openTimeoutMs?: number
  /** Of each tenant. */
  readonly deadLetterLimits?: DeadLetterLimits
}

/** Connects and migrates. Rejects with the last reason when the server is still away at the deadline, at once when no waiting helps; a connection lost later comes back by itself. */
export async function openCatalog(options: CatalogOptions): Promise<Catalog> {
  const { url, connections = 8, statementTimeoutMs = 15_000, openTimeoutMs = 30_000 } = options
  const { deadLetterLimits = defaultDeadLetterLimits } = options
  const pool = openPool({ url, connections, statementTimeoutMs })
  const db = new Kysely<CatalogTables>({ dialect: new PostgresDialect({ pool }) })
  try {
    await migrateUntil(db, openTimeoutMs)
  } catch (error) {
    await db.destroy()
    throw error
  }
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= db.destroy()
    return closed
  }
  const check = async () => {
    await sql`select 1`.execute(db)
  }
  return {
    users: classifyErrors(createUsers(db)),
    sessions: classifyErrors(createSessions(db)),
    tokens: classifyErrors(createTokens(db)),
    tenants: classifyErrors(createTenants(db)),
    deadLetters: classifyErrors(createDeadLetters(db, deadLetterLimits)),
    deadLetterReplays: classifyErrors(createDeadLetterReplays(db)),
    taps: classifyErrors(createTaps(db)),
    cloudifyDeployments: classifyErrors(createCloudifyDeployments(db)),
    retention: classifyErrors(createRetention(db)),
    queryLimits: classifyErrors(createQueryLimits(db)),
    metricMetadata: classifyErrors(createMetricMetadata(db)),
    seenSeries: classifyErrors(createSeenSeries(db)),
    ...classifyErrors({ check, close }),
  }
}

async function migrateUntil(db: Kysely<CatalogTables>, openTimeoutMs: number): Promise<void> {
  const deadline = Date.now() + openTimeoutMs
  for (let attempt = 0; ; attempt++) {
    try {
      return await migrate(db)
    } catch (cause) {
      const error = toCatalogError(cause)
      if (dispositionOf(error) !== 'retry') throw error
      if (Date.now() >= deadline) throw lateError(error, openTimeoutMs)
    }
    await sleep(backoffMs(attempt, { firstMs: 100, maxMs: 2000 }))
  }
}

function lateError(error: WarrenError, openTimeoutMs: number): WarrenError {
  const message = `the catalog could not be opened within ${openTimeoutMs / 1000} s: ${reasonOf(error)}`
  return new WarrenError(message, {
    code: 'catalog_unavailable',
    disposition: 'retry',
    cause: error,
  })
}
