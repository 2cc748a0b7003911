import type { DeadLetter } from '@warren/contracts/dead-letter'
import type { DeadLetterWish, StoredLetter } from '@warren/contracts/http/dead-letters'
import type { Page, PageRequest } from './page.ts'

/** Times are RFC 3339; a range includes its ends. */
export interface DeadLetterFilter extends Omit<DeadLetterWish, 'tenant'> {
  /** Undefined: of every tenant, and of none. */
  readonly tenant: string | undefined
  readonly ids?: readonly string[] | undefined
}

export interface LetterChange {
  /** The change is made to this version or not at all. */
  readonly version: number
  readonly by: string
  readonly item?: Uint8Array | undefined
  readonly routingKey?: string | undefined
}

/** Letters of one kind, however many tenants have. */
export interface DeadLetterDepth extends Pick<DeadLetter, 'tenant' | 'stream' | 'code'> {
  readonly letters: number
  /** Of their items. */
  readonly bytes: number
}

export interface DeadLetters {
  /** Inserts, or raises `attempts` and `last_seen` of one with the same (tenant, id), whose item stays. Throws (`retry`, `dead_letters_full`), with nothing inserted, when a tenant would have more letters or bytes than it may. */
  put(letters: readonly DeadLetter[]): Promise<void>
  /** Whether a tenant that was refused room has some again: for any letter, with a part in a hundred to spare. */
  hasRoom(tenant: string): Promise<boolean>
  /** By arrival; of each item the first `listedItemBytes` at most. */
  list(filter: DeadLetterFilter, page: PageRequest): Promise<Page<StoredLetter>>
  find(tenant: string, id: string): Promise<StoredLetter | undefined>
  /** Undefined: of all tenants. */
  count(tenant: string | undefined): Promise<number>
  matching(filter: DeadLetterFilter): Promise<number>
  /** Kinds of which there are any, most letters first, at most `limit`. */
  depths(limit: number): Promise<readonly DeadLetterDepth[]>
  /** Returns the letter as it is then. Throws `dead_letters_full` when the tenant has no room for what it grows by. */
  edit(tenant: string, id: string, change: LetterChange): Promise<StoredLetter | 'absent' | 'stale'>
  /** False when the tenant has no such letter. */
  remove(tenant: string, id: string): Promise<boolean>
  /** Deletes those of the filter that are there now; how many. */
  purge(filter: DeadLetterFilter): Promise<number>
}
