import { WarrenError } from '@warren/platform/errors'
import type { z } from 'zod'

/** A page of a list, newest first; `nextCursor` is opaque. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextCursor: string | null
}

export interface PageRequest {
  /** 1 to 1000. */
  readonly limit: number
  readonly cursor: string | undefined
}

const maxLimit = 1000

export const limitOf = ({ limit }: PageRequest): number =>
  Math.min(maxLimit, Math.max(1, Math.trunc(limit)))

/** Where a page begins, as its previous one said; undefined for the first. Throws `reject` for a cursor that is not ours. */
export function parseCursor<Key extends z.ZodType>(
  cursor: string | undefined,
  key: Key,
): z.output<Key> | undefined {
  if (cursor === undefined) return undefined
  try {
    return key.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch (cause) {
    throw new WarrenError('this cursor is not one of this list', {
      code: 'bad_cursor',
      disposition: 'reject',
      cause,
    })
  }
}

/** A page of rows of which one more than its limit was asked for. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  { toItem, keyOf }: { toItem: (row: Row) => Item; keyOf: (row: Row) => unknown },
): Page<Item> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const more = rows.length > limit && last !== undefined
  return {
    items: shown.map(toItem),
    nextCursor: more ? Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') : null,
  }
}
