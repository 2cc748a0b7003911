import type { DeadLetter } from '@warren/contracts/dead-letter'
import type { StoredLetter } from '@warren/contracts/http/dead-letters'
import type { Insertable, Selectable } from 'kysely'
import type { DeadLetterRow } from './tables.ts'

/** One letter a (tenant, id), sorted by it: a statement may touch a row once. */
export function mergeRepeats(letters: readonly DeadLetter[]): readonly DeadLetter[] {
  const merged = new Map<string, DeadLetter>()
  for (const letter of letters) {
    const key = `${letter.tenant} ${letter.id}`
    const other = merged.get(key)
    merged.set(key, other === undefined ? letter : later(other, letter))
  }
  return [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, letter]) => letter)
}

function later(one: DeadLetter, other: DeadLetter): DeadLetter {
  const [oneMs, otherMs] = [Date.parse(one.last_seen), Date.parse(other.last_seen)]
  if (oneMs === otherMs) return one
  const [earlier, last] = otherMs > oneMs ? [one, other] : [other, one]
  // One that was sent again has counted what was before.
  const attempts = Math.max(earlier.attempts + 1, last.attempts)
  return { ...one, last_seen: last.last_seen, code: last.code, reason: last.reason, attempts }
}

/** PostgreSQL's text holds every character but NUL. */
const storable = (text: string): string => text.replaceAll('\0', '\uFFFD')

const storableOr = (text: string | undefined): string | null =>
  text === undefined ? null : storable(text)

export const toRow = (letter: DeadLetter): Insertable<DeadLetterRow> => ({
  tenant: storable(letter.tenant),
  id: storable(letter.id),
  stream: letter.stream,
  code: letter.code,
  reason: storable(letter.reason),
  first_seen: new Date(letter.first_seen),
  last_seen: new Date(letter.last_seen),
  attempts: letter.attempts,
  origin_exchange: storable(letter.origin.exchange),
  origin_routing_key: storable(letter.origin.routing_key),
  origin_message_id: storable(letter.origin.message_id),
  origin_index: letter.origin.index,
  origin_time_ns: storableOr(letter.origin.time_ns),
  origin_content_encoding: storableOr(letter.origin.content_encoding),
  origin_content_type: storableOr(letter.origin.content_type),
  item: Buffer.from(letter.item, 'base64'),
  is_cut: letter.is_cut ?? false,
  replay: storableOr(letter.replay),
})

/** A row whose item may be its beginning only. */
export type ReadRow = Omit<Selectable<DeadLetterRow>, 'seq'> & { readonly bytes: number }

export const toLetter = (row: ReadRow): StoredLetter => ({
  id: row.id,
  stream: row.stream,
  tenant: row.tenant,
  code: row.code,
  reason: row.reason,
  first_seen: row.first_seen.toISOString(),
  last_seen: row.last_seen.toISOString(),
  attempts: row.attempts,
  origin: {
    exchange: row.origin_exchange,
    routing_key: row.origin_routing_key,
    message_id: row.origin_message_id,
    index: row.origin_index,
    ...(row.origin_time_ns === null ? {} : { time_ns: row.origin_time_ns }),
    ...(row.origin_content_encoding === null
      ? {}
      : { content_encoding: row.origin_content_encoding }),
    ...(row.origin_content_type === null ? {} : { content_type: row.origin_content_type }),
  },
  item: Buffer.from(row.item).toString('base64'),
  ...(row.is_cut ? { is_cut: true } : {}),
  ...(row.replay === null ? {} : { replay: row.replay }),
  bytes: row.bytes,
  version: row.version,
  edited_by: row.edited_by,
  edited_at: row.edited_at?.toISOString() ?? null,
})
