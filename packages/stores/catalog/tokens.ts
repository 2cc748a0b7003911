import { type Kysely, type Selectable, sql } from 'kysely'
import { z } from 'zod'
import type { StoredToken, Tokens } from './catalog.ts'
import { limitOf, parseCursor, toPage } from './page.ts'
import type { CatalogTables } from './tables.ts'

type Row = Selectable<CatalogTables['tokens']>

const cursorKey = z.tuple([z.iso.datetime(), z.string()])

export function createTokens(db: Kysely<CatalogTables>): Tokens {
  return {
    async create(token) {
      await db.insertInto('tokens').values(toRow(token)).execute()
    },
    async findBySecret(secretHash) {
      const row = await db
        .selectFrom('tokens')
        .selectAll()
        .where('secret_hash', '=', secretHash)
        .where('expires_at', '>', sql<Date>`now()`)
        .executeTakeFirst()
      return row === undefined ? undefined : toToken(row)
    },
    async list(tenant, page) {
      const limit = limitOf(page)
      const after = parseCursor(page.cursor, cursorKey)
      let query = db
        .selectFrom('tokens')
        .selectAll()
        .where('tenant', '=', tenant)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
      if (after !== undefined)
        query = query.where(
          sql<boolean>`(created_at, id) < (${after[0]}::timestamptz, ${after[1]})`,
        )
      const keyOf = ({ created_at, id }: Row) => [created_at.toISOString(), id]
      return toPage(await query.execute(), limit, { toItem: toToken, keyOf })
    },
    async remove(tenant, id) {
      const { numDeletedRows } = await db
        .deleteFrom('tokens')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
    async touch(id, usedAt) {
      await db
        .updateTable('tokens')
        // Two uses may be written in any order.
        .set({ last_used_at: sql`greatest(last_used_at, ${usedAt}::timestamptz)` })
        .where('id', '=', id)
        .execute()
    },
  }
}

const toRow = (token: StoredToken): Row => ({
  id: token.id,
  secret_hash: token.secretHash,
  name: token.name,
  role: token.role,
  tenant: token.tenant,
  is_alerting: token.isAlerting,
  deployments: token.deployments === undefined ? null : [...token.deployments],
  created_at: token.createdAt,
  expires_at: token.expiresAt,
  last_used_at: token.lastUsedAt,
})

const toToken = (row: Row): StoredToken => ({
  id: row.id,
  secretHash: row.secret_hash,
  name: row.name,
  role: row.role,
  tenant: row.tenant,
  isAlerting: row.is_alerting,
  deployments: row.deployments ?? undefined,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
})
