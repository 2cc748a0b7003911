import type { DeadLetter } from '@warren/contracts/dead-letter'
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
  const { last_seen, reason } = otherMs > oneMs ? other : one
  return { ...one, last_seen, reason, attempts: one.attempts + other.attempts }
}

/** PostgreSQL's text holds every character but NUL. */
const storable = (text: string): string => text.replaceAll('\0', '\uFFFD')

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
  item: Buffer.from(letter.item, 'base64'),
})

export const toLetter = (row: Selectable<DeadLetterRow>): DeadLetter => ({
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
  },
  item: Buffer.from(row.item).toString('base64'),
})
