import { WarrenError } from '@warren/platform/errors'
import type { Kysely } from 'kysely'
import type { CatalogTables } from './tables.ts'

/** What a tenant may keep parked. */
export interface DeadLetterLimits {
  readonly maxLetters: number
  /** Of their items. */
  readonly maxBytes: number
}

export const defaultDeadLetterLimits: DeadLetterLimits = {
  maxLetters: 1_000_000,
  maxBytes: 1024 ** 3,
}

interface Letter {
  readonly tenant: string
  readonly id: string
  readonly item: Uint8Array
}

/** Throws (`retry`) when a tenant has no room for its new letters: they wait in their queue until some are deleted. Holds the tenant's total until the transaction ends, so that writers that overlap cannot pass the limit together. */
export async function checkRoom(
  transaction: Kysely<CatalogTables>,
  letters: readonly Letter[],
  limits: DeadLetterLimits,
): Promise<void> {
  const tenants = [...new Set(letters.map(({ tenant }) => tenant))].sort()
  for (const tenant of tenants) {
    const own = letters.filter((letter) => letter.tenant === tenant)
    await checkTenant(transaction, { tenant, letters: own, limits })
  }
}

interface OfTenant {
  readonly tenant: string
  readonly letters: readonly Letter[]
  readonly limits: DeadLetterLimits
}

async function checkTenant(
  transaction: Kysely<CatalogTables>,
  { tenant, letters, limits }: OfTenant,
): Promise<void> {
  const total = await lockTotal(transaction, tenant)
  const fresh = await newOnes(transaction, tenant, letters)
  if (fresh.length === 0) return
  const added = fresh.reduce((sum, { item }) => sum + item.length, 0)
  const isFull =
    Number(total.letters) + fresh.length > limits.maxLetters ||
    Number(total.bytes) + added > limits.maxBytes
  if (isFull) throw noRoom(total)
}

interface Total {
  readonly letters: string
  readonly bytes: string
}

/** Holds the tenant's total until the transaction ends. */
export async function lockTotal(
  transaction: Kysely<CatalogTables>,
  tenant: string,
): Promise<Total> {
  await transaction
    .insertInto('dead_letter_totals')
    .values({ tenant, letters: '0', bytes: '0' })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return transaction
    .selectFrom('dead_letter_totals')
    .select(['letters', 'bytes'])
    .where('tenant', '=', tenant)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

/** As `DeadLetters.hasRoom`. */
export async function hasRoom(
  db: Kysely<CatalogTables>,
  tenant: string,
  { maxLetters, maxBytes }: DeadLetterLimits,
): Promise<boolean> {
  const total = await db
    .selectFrom('dead_letter_totals')
    .select(['letters', 'bytes'])
    .where('tenant', '=', tenant)
    .executeTakeFirst()
  if (total === undefined) return true
  return Number(total.letters) < maxLetters && Number(total.bytes) < 0.99 * maxBytes
}

/** Room of a letter that grows: `check` throws as `checkRoom` does. */
export async function checkGrowth(transaction: Kysely<CatalogTables>, tenant: string) {
  const total = await lockTotal(transaction, tenant)
  return {
    check: (addedBytes: number, { maxBytes }: DeadLetterLimits) => {
      if (addedBytes > 0 && Number(total.bytes) + addedBytes > maxBytes) throw noRoom(total)
    },
  }
}

function noRoom(total: Total): WarrenError {
  const mebibytes = Math.ceil(Number(total.bytes) / 1024 ** 2)
  // Without the tenant's name: the reason is shown to others too.
  const message = `a tenant has ${total.letters} dead letters (${mebibytes} MiB), as many as it may: new ones wait until some are deleted (warren dead-letters purge)`
  return new WarrenError(message, { code: 'dead_letters_full', disposition: 'retry' })
}

/** Those that are not there yet; one that is there is only counted again. */
async function newOnes(
  transaction: Kysely<CatalogTables>,
  tenant: string,
  letters: readonly Letter[],
): Promise<readonly Letter[]> {
  const ids = letters.map(({ id }) => id)
  const rows = await transaction
    .selectFrom('dead_letters')
    .select('id')
    .where('tenant', '=', tenant)
    .where('id', 'in', ids)
    .execute()
  const known = new Set(rows.map(({ id }) => id))
  return letters.filter(({ id }) => !known.has(id))
}
