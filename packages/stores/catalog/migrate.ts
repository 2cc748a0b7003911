import { reasonOf, WarrenError } from '@warren/platform/errors'
import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import * as usersAndDeadLetters from './migrations/0001-users-and-dead-letters.ts'
import * as taps from './migrations/0002-taps.ts'
import * as deadLetterTotals from './migrations/0003-dead-letter-totals.ts'
import * as cloudifyDeployments from './migrations/0004-cloudify-deployments.ts'
import * as retention from './migrations/0008-retention.ts'
import * as deadLetterReplays from './migrations/0018-dead-letter-replays.ts'
import * as seenSeries from './migrations/0019-seen-series.ts'
import * as metricMetadata from './migrations/0020-metric-metadata.ts'
import * as rollupRetention from './migrations/0021-rollup-retention.ts'
import * as queryLimits from './migrations/0038-query-limits.ts'
import * as alertingTokens from './migrations/0042-alerting-tokens.ts'
import * as tokenGrants from './migrations/0047-token-grants.ts'
import type { CatalogTables } from './tables.ts'

/** In order, forward only; one that was released is never changed. */
const migrations = {
  '0001-users-and-dead-letters': usersAndDeadLetters,
  '0002-taps': taps,
  '0003-dead-letter-totals': deadLetterTotals,
  '0004-cloudify-deployments': cloudifyDeployments,
  '0008-retention': retention,
  '0018-dead-letter-replays': deadLetterReplays,
  '0019-seen-series': seenSeries,
  '0020-metric-metadata': metricMetadata,
  '0021-rollup-retention': rollupRetention,
  '0038-query-limits': queryLimits,
  '0042-alerting-tokens': alertingTokens,
  '0047-token-grants': tokenGrants,
}

/** Brings the schema up to date, all migrations in one transaction, under an advisory lock: processes that start together do it once.
 *  Throws a `fatal` error for a schema of a newer Warren, and the database's own errors. */
export async function migrate(db: Kysely<CatalogTables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  if (!reasonOf(error).startsWith('corrupted migrations')) throw error
  throw new WarrenError('the catalog was written by a newer version of Warren', {
    code: 'catalog_too_new',
    disposition: 'fatal',
    cause: error,
  })
}
