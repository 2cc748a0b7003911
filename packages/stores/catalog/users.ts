import { type Kysely, sql } from 'kysely'
import type { Users } from './catalog.ts'
import type { CatalogTables } from './tables.ts'

export function createUsers(db: Kysely<CatalogTables>): Users {
  return {
    async find(name) {
      const row = await db
        .selectFrom('users')
        .selectAll()
        .where('name', '=', name)
        .executeTakeFirst()
      if (row === undefined) return undefined
      return {
        name: row.name,
        passwordHash: row.password_hash,
        role: row.role,
        tenant: row.tenant,
        failedSignIns: row.failed_sign_ins,
        lockedUntil: row.locked_until,
      }
    },
    async put({ name, passwordHash, role, tenant }) {
      const rest = {
        password_hash: passwordHash,
        role,
        tenant,
        failed_sign_ins: 0,
        locked_until: null,
      }
      await db
        .insertInto('users')
        .values({ name, ...rest })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(rest))
        .execute()
    },
    async countFailure(name, { failures, lockUntil }) {
      await db
        .updateTable('users')
        .set({
          failed_sign_ins: sql`failed_sign_ins + 1`,
          locked_until: sql`case when failed_sign_ins + 1 >= ${failures} then ${lockUntil} else locked_until end`,
        })
        .where('name', '=', name)
        .execute()
    },
    async resetFailures(name) {
      await db
        .updateTable('users')
        .set({ failed_sign_ins: 0, locked_until: null })
        .where('name', '=', name)
        .execute()
    },
  }
}
