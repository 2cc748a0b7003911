import { type Kysely, sql } from 'kysely'
import type { Sessions } from './catalog.ts'
import type { CatalogTables } from './tables.ts'

export function createSessions(db: Kysely<CatalogTables>): Sessions {
  return {
    async create({ secretHash, user, expiresAt }) {
      await db
        .insertInto('sessions')
        .values({ secret_hash: secretHash, user_name: user, expires_at: expiresAt })
        .execute()
      // Nobody else forgets them; a sign-in is rare enough.
      await db.deleteFrom('sessions').where('expires_at', '<', sql<Date>`now()`).execute()
    },
    async find(secretHash) {
      const row = await db
        .selectFrom('sessions')
        .selectAll()
        .where('secret_hash', '=', secretHash)
        .where('expires_at', '>', sql<Date>`now()`)
        .executeTakeFirst()
      if (row === undefined) return undefined
      return { secretHash: row.secret_hash, user: row.user_name, expiresAt: row.expires_at }
    },
    async remove(secretHash) {
      await db.deleteFrom('sessions').where('secret_hash', '=', secretHash).execute()
    },
    async removeOf(user) {
      await db.deleteFrom('sessions').where('user_name', '=', user).execute()
    },
  }
}
