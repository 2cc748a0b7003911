import type { StoredLetter } from '@warren/contracts/http/dead-letters'
import { type Kysely, sql } from 'kysely'
import { checkGrowth, type DeadLetterLimits } from './dead-letter-room.ts'
import { toLetter } from './dead-letter-row.ts'
import type { LetterChange } from './dead-letter-store.ts'
import type { CatalogTables } from './tables.ts'

interface Place {
  readonly tenant: string
  readonly id: string
  readonly limits: DeadLetterLimits
}

/** Changes a letter that is still of the version that was seen; new content is plain and whole. */
export async function editLetter(
  transaction: Kysely<CatalogTables>,
  { tenant, id, limits }: Place,
  { version, by, item, routingKey }: LetterChange,
): Promise<StoredLetter | 'absent' | 'stale'> {
  // The total first, as everybody who changes letters.
  const total = await checkGrowth(transaction, tenant)
  const found = await transaction
    .selectFrom('dead_letters')
    .select(['version', sql<number>`octet_length(item)`.as('bytes')])
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (found === undefined) return 'absent'
  if (found.version !== version) return 'stale'
  if (item !== undefined) total.check(item.length - found.bytes, limits)
  const row = await transaction
    .updateTable('dead_letters')
    .set({
      version: version + 1,
      edited_by: by,
      edited_at: new Date(),
      ...(item === undefined ? {} : { item, is_cut: false, origin_content_encoding: null }),
      ...(routingKey === undefined ? {} : { origin_routing_key: routingKey }),
    })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toLetter({ ...row, bytes: row.item.length })
}
