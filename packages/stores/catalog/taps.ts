import type { TapStream } from '@warren/contracts/taps'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { StoredTap, Taps } from './catalog.ts'
import type { CatalogTables } from './tables.ts'

type Row = Selectable<CatalogTables['taps']>

export function createTaps(db: Kysely<CatalogTables>): Taps {
  return {
    create: (tap, maxOfTenant) =>
      db.transaction().execute(async (trx) => {
        // So that creations at once do not all count the same number.
        await sql`select pg_advisory_xact_lock(hashtext(${`taps ${tap.tenant}`}))`.execute(trx)
        const own = await trx
          .selectFrom('taps')
          .select('name')
          .where('tenant', '=', tap.tenant)
          .execute()
        if (own.some(({ name }) => name === tap.name)) return 'exists'
        if (own.length >= maxOfTenant) return 'full'
        await trx.insertInto('taps').values(toRow(tap)).execute()
        return 'created'
      }),
    async list(tenant) {
      let query = db.selectFrom('taps').selectAll().orderBy('tenant').orderBy('name')
      if (tenant !== undefined) query = query.where('tenant', '=', tenant)
      return (await query.execute()).map(toTap)
    },
    async remove(tenant, name) {
      const { numDeletedRows } = await db
        .deleteFrom('taps')
        .where('tenant', '=', tenant)
        .where('name', '=', name)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
    async touch(tenant, name, usedAt) {
      await db
        .updateTable('taps')
        .set({ used_at: sql`greatest(used_at, ${usedAt}::timestamptz)` })
        .where('tenant', '=', tenant)
        .where('name', '=', name)
        .execute()
    },
  }
}

const toRow = (tap: StoredTap): Row => ({
  tenant: tap.tenant,
  name: tap.name,
  streams: [...tap.streams],
  deployment: tap.deployment ?? null,
  max_bytes: tap.maxBytes,
  message_ttl_ms: tap.messageTtlMs,
  expires_ms: String(tap.expiresMs),
  password_hash: tap.passwordHash,
  created_at: tap.createdAt,
  used_at: tap.usedAt,
})

const toTap = (row: Row): StoredTap => ({
  tenant: row.tenant,
  name: row.name,
  streams: row.streams as TapStream[],
  deployment: row.deployment ?? undefined,
  maxBytes: row.max_bytes,
  messageTtlMs: row.message_ttl_ms,
  expiresMs: Number(row.expires_ms),
  passwordHash: row.password_hash,
  createdAt: row.created_at,
  usedAt: row.used_at,
})
