import type { StoredLetter } from '@warren/contracts/http/dead-letters'
import type { Log } from '@warren/platform/log'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { Refusal } from '../http/refusal.ts'

export interface DeadLetterRouteOptions {
  readonly catalog: Pick<Catalog, 'deadLetters'>
  readonly log: Log
}

/** Throws a `Refusal` when the tenant has no such letter. */
export async function findLetter(
  catalog: Pick<Catalog, 'deadLetters'>,
  tenant: string,
  id: string,
): Promise<StoredLetter> {
  const letter = await catalog.deadLetters.find(tenant, id)
  if (letter === undefined)
    throw new Refusal('not_found', 'the tenant has no dead letter with this id')
  return letter
}
