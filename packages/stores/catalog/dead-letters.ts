import { listedItemBytes, type StoredLetter } from '@warren/contracts/http/dead-letters'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { editLetter } from './dead-letter-edit.ts'
import { isWhole, within } from './dead-letter-filter.ts'
import { checkRoom, type DeadLetterLimits, hasRoom } from './dead-letter-room.ts'
import { mergeRepeats, toLetter, toRow } from './dead-letter-row.ts'
import type { DeadLetterFilter, DeadLetters } from './dead-letter-store.ts'
import type { Page, PageRequest } from './page.ts'
import { limitOf, parseCursor, toPage } from './page.ts'
import type { CatalogTables } from './tables.ts'

/** A statement takes 65,535 parameters at most; a row has 17. */
const rowsPerStatement = 500

const cursorKey = z.tuple([z.string().regex(/^\d{1,19}$/)])

/** Letters that one statement deletes: it must end well before its timeout. */
const lettersPerDelete = 5000

export function createDeadLetters(
  db: Kysely<CatalogTables>,
  limits: DeadLetterLimits,
): DeadLetters {
  const count = async (tenant: string | undefined) => {
    let query = db.selectFrom('dead_letter_totals').select(sql<string>`sum(letters)`.as('letters'))
    if (tenant !== undefined) query = query.where('tenant', '=', tenant)
    return Number((await query.executeTakeFirst())?.letters ?? 0)
  }
  return {
    async put(letters) {
      // In one order everywhere: two writers that lock the same rows in different orders would wait for each other.
      const rows = mergeRepeats(letters).map(toRow)
      await db.transaction().execute(async (transaction) => {
        for (let start = 0; start < rows.length; start += rowsPerStatement)
          await putRows(transaction, rows.slice(start, start + rowsPerStatement), limits)
      })
    },
    hasRoom: (tenant) => hasRoom(db, tenant, limits),
    list: (filter, page) => listLetters(db, filter, page),
    async find(tenant, id) {
      const row = await db
        .selectFrom('dead_letters')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && toLetter({ ...row, bytes: row.item.length })
    },
    count,
    matching: (filter) => (isWhole(filter) ? count(filter.tenant) : countWithin(db, filter)),
    depths: (limit) => depthsOf(db, limit),
    edit: (tenant, id, change) =>
      db
        .transaction()
        .execute((transaction) => editLetter(transaction, { tenant, id, limits }, change)),
    async remove(tenant, id) {
      const { numDeletedRows } = await db
        .deleteFrom('dead_letters')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
    purge: (filter) => purgeLetters(db, filter),
  }
}

async function listLetters(
  db: Kysely<CatalogTables>,
  filter: DeadLetterFilter,
  page: PageRequest,
): Promise<Page<StoredLetter>> {
  const limit = limitOf(page)
  const after = parseCursor(page.cursor, cursorKey)
  let query = db
    .selectFrom('dead_letters')
    .selectAll()
    .select(sql<Uint8Array>`substring(item from 1 for ${listedItemBytes})`.as('item'))
    .select(sql<number>`octet_length(item)`.as('bytes'))
    .where(within(filter))
    .orderBy('seq', 'desc')
    .limit(limit + 1)
  if (after !== undefined) query = query.where('seq', '<', after[0])
  return toPage(await query.execute(), limit, { toItem: toLetter, keyOf: ({ seq }) => [seq] })
}

async function purgeLetters(db: Kysely<CatalogTables>, filter: DeadLetterFilter): Promise<number> {
  const last = await lastSeq(db)
  let removed = 0
  for (;;) {
    const gone = await removeSome(db, filter, last)
    removed += gone
    if (gone < lettersPerDelete) return removed
  }
}

async function countWithin(db: Kysely<CatalogTables>, filter: DeadLetterFilter): Promise<number> {
  const { matching } = await db
    .selectFrom('dead_letters')
    .select((select) => select.fn.countAll<string>().as('matching'))
    .where(within(filter))
    .executeTakeFirstOrThrow()
  return Number(matching)
}

async function depthsOf(db: Kysely<CatalogTables>, limit: number) {
  const rows = await db
    .selectFrom('dead_letter_depths')
    .selectAll()
    .where('letters', '>', '0')
    .orderBy('letters', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, letters: Number(row.letters), bytes: Number(row.bytes) }))
}

/** The last letter that is there, by order of arrival. */
export async function lastSeq(db: Kysely<CatalogTables>): Promise<string> {
  const { last } = await db
    .selectFrom('dead_letters')
    .select((select) => select.fn.max<string | null>('seq').as('last'))
    .executeTakeFirstOrThrow()
  return last ?? '0'
}

/** Those of the filter that had arrived by `last`: what comes while it runs is another purge's. */
async function removeSome(
  db: Kysely<CatalogTables>,
  filter: DeadLetterFilter,
  last: string,
): Promise<number> {
  const some = db
    .selectFrom('dead_letters')
    .select('seq')
    .where('seq', '<=', last)
    .where(within(filter))
    .limit(lettersPerDelete)
  const { numDeletedRows } = await db
    .deleteFrom('dead_letters')
    .where('seq', 'in', some)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** A redelivered letter says nothing new, which its `last_seen` tells: only a later one raises the attempts. One that comes back from a replay before it was removed has counted the attempt itself. */
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
          attempts: sql`greatest(dead_letters.attempts + 1, excluded.attempts)`,
          version: sql`dead_letters.version + 1`,
          last_seen: sql`excluded.last_seen`,
          code: sql`excluded.code`,
          reason: sql`excluded.reason`,
          replay: sql`coalesce(excluded.replay, dead_letters.replay)`,
        })
        .where(sql<boolean>`excluded.last_seen > dead_letters.last_seen`),
    )
    .execute()
}
