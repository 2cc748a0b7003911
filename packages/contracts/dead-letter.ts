import { z } from 'zod'

/** Why an item was parked. Also a metric label, so the list is closed. */
export const deadLetterCodes = [
  'too_large',
  'bad_encoding',
  'bad_key',
  'unknown_tenant',
  'unknown_deployment',
  'malformed',
  'no_timestamp',
  'bad_timestamp',
  'field_type_conflict',
  'series_limit',
  'refused_by_store',
  'delivery_limit',
] as const

export type DeadLetterCode = (typeof deadLetterCodes)[number]

/** One parked item, published to `warren.dead` with key `<stream>.<tenant>.<code>` and kept in the catalog. */
export const deadLetterSchema = z.object({
  id: z.string(),
  stream: z.enum(['metrics', 'logs']),
  tenant: z.string(),
  code: z.enum(deadLetterCodes),
  reason: z.string(),
  /** RFC 3339. */
  first_seen: z.string(),
  last_seen: z.string(),
  attempts: z.int().min(1),
  origin: z.object({
    exchange: z.string(),
    routing_key: z.string(),
    message_id: z.string(),
    /** Position of the item in its message; -1 for the whole message. */
    index: z.int().min(-1),
    /** The message's time for items that carry none, nanoseconds since the epoch; absent: it had none. */
    time_ns: z.string().optional(),
    /** Of `item`, when it is a whole message that could not be unpacked. */
    content_encoding: z.string().optional(),
    /** Of `item`, when it is a whole message whose sender said so. */
    content_type: z.string().optional(),
  }),
  /** The item's bytes, base64: they need not be valid UTF-8. */
  item: z.string(),
  /** Only the beginning of it is kept. */
  is_cut: z.boolean().optional(),
  /** The replay that sent it last, before it came back. */
  replay: z.string().optional(),
})

export type DeadLetter = z.infer<typeof deadLetterSchema>
