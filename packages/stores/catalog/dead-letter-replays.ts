import { randomUUID } from 'node:crypto'
import type { Replay } from '@warren/contracts/http/dead-letters'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { within } from './dead-letter-filter.ts'
import { lockTotal } from './dead-letter-room.ts'
import { toLetter } from './dead-letter-row.ts'
import { lastSeq } from './dead-letters.ts'
import type { DeadLetterReplays, HeldReplay, LetterToSend, NewReplay } from './replay-store.ts'
import type { CatalogTables } from './tables.ts'

/** Of a tenant, that have not ended. */
const maxWaiting = 20
/** Of a tenant, that have ended and are still shown. */
const maxEnded = 50
const maxListed = 200
/** For an admin's replay of every tenant's letters; no tenant has this name. */
const ofEveryTenant = '*'

type Row = Selectable<CatalogTables['dead_letter_replays']>

export function createDeadLetterReplays(db: Kysely<CatalogTables>): DeadLetterReplays {
  const held = ({ id, holder }: HeldReplay, on: Kysely<CatalogTables> = db) =>
    on
      .updateTable('dead_letter_replays')
      .where('id', '=', id)
      .where('holder', '=', holder)
      .where('state', '=', 'running')
  return {
    create: (wish) => db.transaction().execute((transaction) => createReplay(transaction, wish)),
    list: (tenant) => readReplays(db, tenant, undefined),
    find: async (tenant, id) => (await readReplays(db, tenant, id))[0],
    async cancel(tenant, id) {
      let query = db
        .updateTable('dead_letter_replays')
        .set({ state: 'cancelled', ended_at: new Date(), holder: null, held_until: null })
        .where('id', '=', id)
        .where('state', '=', 'running')
      if (tenant !== undefined) query = query.where('tenant', '=', tenant)
      return (await query.executeTakeFirst()).numUpdatedRows > 0n
    },
    claim: (holder, holdMs) => claimReplay(db, holder, holdMs),
    async hold(replay, holdMs, reason) {
      const changed = await held(replay)
        .set({ held_until: until(holdMs), ...(reason === undefined ? {} : { reason }) })
        .executeTakeFirst()
      return changed.numUpdatedRows > 0n
    },
    next: (replay, most) => nextLetters(db, replay, most),
    advance: (replay, advance) =>
      db.transaction().execute(async (transaction) => {
        await removeSent(transaction, advance.sent)
        await transaction
          .updateTable('dead_letter_replays')
          .set({
            seen_seq: sql`greatest(seen_seq, ${advance.seenSeq}::bigint)`,
            sent: sql`sent + ${advance.sent.length}`,
            skipped: sql`skipped + ${advance.skipped}`,
            ...(advance.reason === undefined ? {} : { reason: advance.reason }),
          })
          .where('id', '=', replay.id)
          .execute()
      }),
    async end(replay) {
      await held(replay)
        .set({ state: 'done', ended_at: new Date(), holder: null, held_until: null })
        .execute()
    },
    async release(holder) {
      await db
        .updateTable('dead_letter_replays')
        .set({ holder: null, held_until: null })
        .where('holder', '=', holder)
        .execute()
    },
  }
}

/** By the database's clock: runners need not agree on the time. */
const until = (holdMs: number) => sql<Date>`now() + ${holdMs} * interval '1 millisecond'`

async function createReplay(
  transaction: Transaction<CatalogTables>,
  { filter, perSecond, requestedBy }: NewReplay,
): Promise<Replay | 'full'> {
  const tenant = filter.tenant ?? ofEveryTenant
  // So that creations at once do not all count the same number.
  await sql`select pg_advisory_xact_lock(hashtext(${`replays ${tenant}`}))`.execute(transaction)
  if ((await countWaiting(transaction, tenant)) >= maxWaiting) return 'full'
  await forgetEnded(transaction, tenant)
  const last = await lastSeq(transaction)
  const { total } = await transaction
    .selectFrom('dead_letters')
    .select((select) => select.fn.countAll<string>().as('total'))
    .where(within(filter))
    .where('seq', '<=', last)
    .executeTakeFirstOrThrow()
  const row = await transaction
    .insertInto('dead_letter_replays')
    .values({
      id: randomUUID(),
      tenant,
      filter: JSON.stringify(filter),
      per_second: perSecond,
      requested_by: requestedBy,
      created_at: new Date(),
      state: 'running',
      last_seq: last,
      ...{ seen_seq: '0', total: Number(total), sent: 0, skipped: 0 },
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toReplay({ ...row, returned: '0' })
}

async function countWaiting(db: Kysely<CatalogTables>, tenant: string): Promise<number> {
  const { waiting } = await db
    .selectFrom('dead_letter_replays')
    .select((select) => select.fn.countAll<string>().as('waiting'))
    .where('tenant', '=', tenant)
    .where('state', '=', 'running')
    .executeTakeFirstOrThrow()
  return Number(waiting)
}

async function forgetEnded(db: Kysely<CatalogTables>, tenant: string): Promise<void> {
  const shown = db
    .selectFrom('dead_letter_replays')
    .select('id')
    .where('tenant', '=', tenant)
    .where('state', '!=', 'running')
    .orderBy('created_at', 'desc')
    .limit(maxEnded)
  await db
    .deleteFrom('dead_letter_replays')
    .where('tenant', '=', tenant)
    .where('state', '!=', 'running')
    .where('id', 'not in', shown)
    .execute()
}

async function readReplays(
  db: Kysely<CatalogTables>,
  tenant: string | undefined,
  id: string | undefined,
): Promise<readonly Replay[]> {
  let query = db
    .selectFrom('dead_letter_replays')
    .selectAll()
    .select(({ selectFrom, fn }) =>
      selectFrom('dead_letters')
        .select(fn.countAll<string>().as('returned'))
        .whereRef('dead_letters.replay', '=', 'dead_letter_replays.id')
        .as('returned'),
    )
    .orderBy('created_at', 'desc')
    .limit(maxListed)
  if (tenant !== undefined) query = query.where('tenant', '=', tenant)
  if (id !== undefined) query = query.where('id', '=', id)
  return (await query.execute()).map(toReplay)
}

const toReplay = (row: Row & { returned: string | null }): Replay => ({
  id: row.id,
  tenant: row.tenant,
  state: row.state,
  reason: row.reason,
  total: row.total,
  sent: row.sent,
  skipped: row.skipped,
  returned: Number(row.returned ?? 0),
  perSecond: row.per_second,
  requestedBy: row.requested_by,
  createdAt: row.created_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
})

/** One at a time a tenant: its rate is the tenant's. */
async function claimReplay(
  db: Kysely<CatalogTables>,
  holder: string,
  holdMs: number,
): Promise<HeldReplay | undefined> {
  return db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext('claim replays'))`.execute(transaction)
    const row = await transaction
      .selectFrom('dead_letter_replays as own')
      .select(['id', 'per_second'])
      .where('state', '=', 'running')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('dead_letter_replays as other')
              .select('other.id')
              .whereRef('other.tenant', '=', 'own.tenant')
              .where('other.state', '=', 'running')
              .where('other.held_until', '>', sql<Date>`now()`),
          ),
        ),
      )
      .orderBy('created_at')
      .limit(1)
      .executeTakeFirst()
    if (row === undefined) return undefined
    await transaction
      .updateTable('dead_letter_replays')
      .set({ holder, held_until: until(holdMs) })
      .where('id', '=', row.id)
      .execute()
    return { id: row.id, holder, perSecond: row.per_second }
  })
}

async function nextLetters(
  db: Kysely<CatalogTables>,
  { id }: HeldReplay,
  most: { letters: number; bytes: number },
) {
  const replay = await db
    .selectFrom('dead_letter_replays')
    .select(['filter', 'seen_seq', 'last_seq'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (replay === undefined) return undefined
  const sizes = await db
    .selectFrom('dead_letters')
    .select(['seq', sql<number>`octet_length(item)`.as('bytes')])
    .where(within(replay.filter))
    .where('seq', '>', replay.seen_seq)
    .where('seq', '<=', replay.last_seq)
    .orderBy('seq')
    .limit(most.letters)
    .execute()
  let bytes = 0
  const fitting = sizes.filter((size, index) => {
    bytes += size.bytes
    return index === 0 || bytes <= most.bytes
  })
  const seqs = fitting.map(({ seq }) => seq)
  const seenSeq = seqs.at(-1)
  if (seenSeq === undefined) return undefined
  const rows = await db
    .selectFrom('dead_letters')
    .selectAll()
    .where('seq', 'in', seqs)
    .orderBy('seq')
    .execute()
  const letters = rows.map(({ seq, ...row }) => ({
    ...toLetter({ ...row, bytes: row.item.length }),
    seq,
  }))
  return { letters, seenSeq }
}

/** One that came back meanwhile, or was edited, stays. */
async function removeSent(
  transaction: Kysely<CatalogTables>,
  sent: readonly LetterToSend[],
): Promise<void> {
  if (sent.length === 0) return
  // The totals first, as everybody who changes letters.
  for (const tenant of [...new Set(sent.map((letter) => letter.tenant))].sort())
    await lockTotal(transaction, tenant)
  const pairs = sent.map(({ seq, version }) => sql`(${seq}::bigint, ${version}::integer)`)
  await transaction
    .deleteFrom('dead_letters')
    .where(sql<boolean>`(seq, version) in (${sql.join(pairs)})`)
    .execute()
}
