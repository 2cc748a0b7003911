import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import type { DeadLetterFilter, DeadLetters } from './catalog.ts'
import { checkRoom, type DeadLetterLimits } from './dead-letter-room.ts'
import { mergeRepeats, toLetter, toRow } from './dead-letter-row.ts'
import { limitOf, parseCursor, toPage } from './page.ts'
import type { CatalogTables } from './tables.ts'

/** A statement takes 65,535 parameters at most; a row has 13. */
const rowsPerStatement = 500

const cursorKey = z.tuple([z.string().regex(/^\d{1,19}$/)])

/** Letters that one statement deletes: it must end well before its timeout. */
const lettersPerDelete = 5000

export function createDeadLetters(
  db: Kysely<CatalogTables>,
  limits: DeadLetterLimits,
): DeadLetters {
  return {
    async put(letters) {
      // In one order everywhere: two writers that lock the same rows in different orders would wait for each other.
      const rows = mergeRepeats(letters).map(toRow)
      await db.transaction().execute(async (transaction) => {
        for (let start = 0; start < rows.length; start += rowsPerStatement)
          await putRows(transaction, rows.slice(start, start + rowsPerStatement), limits)
      })
    },
    async list({ tenant, stream, code }, page) {
      const limit = limitOf(page)
      const after = parseCursor(page.cursor, cursorKey)
      let query = db
        .selectFrom('dead_letters')
        .selectAll()
        .where('tenant', '=', tenant)
        .orderBy('seq', 'desc')
        .limit(limit + 1)
      if (stream !== undefined) query = query.where('stream', '=', stream)
      if (code !== undefined) query = query.where('code', '=', code)
      if (after !== undefined) query = query.where('seq', '<', after[0])
      return toPage(await query.execute(), limit, { toItem: toLetter, keyOf: ({ seq }) => [seq] })
    },
    async count(tenant) {
      const row = await db
        .selectFrom('dead_letter_totals')
        .select('letters')
        .where('tenant', '=', tenant)
        .executeTakeFirst()
      return Number(row?.letters ?? 0)
    },
    async remove(tenant, id) {
      const { numDeletedRows } = await db
        .deleteFrom('dead_letters')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
    async purge(filter) {
      const { last } = await db
        .selectFrom('dead_letters')
        .select((select) => select.fn.max('seq').as('last'))
        .where('tenant', '=', filter.tenant)
        .executeTakeFirstOrThrow()
      let removed = 0
      for (;;) {
        const count = await removeSome(db, filter, last)
        removed += count
        if (count < lettersPerDelete) return removed
      }
    },
  }
}

/** Those of the filter that had arrived by `last`: what comes while it runs is another purge's. */
async function removeSome(
  db: Kysely<CatalogTables>,
  { tenant, stream, code }: DeadLetterFilter,
  last: string,
): Promise<number> {
  let some = db
    .selectFrom('dead_letters')
    .select('id')
    .where('tenant', '=', tenant)
    .where('seq', '<=', last)
    .limit(lettersPerDelete)
  if (stream !== undefined) some = some.where('stream', '=', stream)
  if (code !== undefined) some = some.where('code', '=', code)
  const { numDeletedRows } = await db
    .deleteFrom('dead_letters')
    .where('tenant', '=', tenant)
    .where('id', 'in', some)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** A redelivered letter says nothing new, which its `last_seen` tells: only a later one raises the attempts. */
async function putRows(
  db: Kysely<CatalogTables>,
  rows: readonly ReturnType<typeof toRow>[],
  limits: DeadLetterLimits,
): Promise<void> {
  await checkRoom(db, rows, limits)
  await db
    .insertInto('dead_letters')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['tenant', 'id'])
        .doUpdateSet({
          attempts: sql`dead_letters.attempts + excluded.attempts`,
          last_seen: sql`excluded.last_seen`,
          reason: sql`excluded.reason`,
        })
        .where(sql<boolean>`excluded.last_seen > dead_letters.last_seen`),
    )
    .execute()
}
