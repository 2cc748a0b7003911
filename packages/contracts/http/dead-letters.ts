import { z } from 'zod'
import { deadLetterCodes, deadLetterSchema } from '../dead-letter.ts'
import { maxMessageBytes } from '../message.ts'
import { pageQuerySchema } from './page.ts'

const time = z.iso.datetime({ offset: true }).optional()

/** Stands for every tenant; for admins only. */
export const everyTenant = '*'

const tenant = z
  .string()
  .max(64)
  .optional()
  .describe(
    'The caller’s own unless given; for an admin another, * for all, - for what named none that exists',
  )

const filter = {
  stream: z.enum(['metrics', 'logs']).optional(),
  code: z.enum(deadLetterCodes).optional(),
  tenant,
  firstSeenFrom: time,
  firstSeenTo: time,
  lastSeenFrom: time,
  lastSeenTo: time,
  text: z.string().min(1).max(200).optional().describe('Part of the reason, in any case'),
  replay: z.string().max(64).optional().describe('What came back from this replay'),
}

/** `GET /api/v1/dead-letters?limit=&cursor=&stream=&code=&tenant=&…`, newest first. */
export const deadLetterQuerySchema = pageQuerySchema.extend(filter)

/** Bytes of an item that a list shows. */
export const listedItemBytes = 2048

const storedFields = {
  /** Of the whole item. */
  bytes: z.int(),
  /** Counts changes; the `ETag` of one letter. */
  version: z.int(),
  edited_by: z.string().nullable(),
  edited_at: z.string().nullable(),
}

/** `GET /api/v1/dead-letters/:id?tenant=` */
export const storedLetterSchema = deadLetterSchema.extend(storedFields)
export type StoredLetter = z.infer<typeof storedLetterSchema>

export const deadLetterListSchema = z.object({
  /** Of each `item` the first 2,048 bytes at most; `bytes` is its size. */
  items: z.array(storedLetterSchema),
  nextCursor: z.string().nullable(),
  /** Of the tenant, whatever the filter. */
  total: z.int(),
  /** Of the filter. */
  matching: z.int(),
})

/** `DELETE /api/v1/dead-letters?stream=&code=&tenant=&…` */
export const deadLetterPurgeQuerySchema = z.strictObject(filter)
export type DeadLetterWish = z.infer<typeof deadLetterPurgeQuerySchema>

export const oneLetterQuerySchema = z.strictObject({ tenant })

export const deadLettersDeletedSchema = z.object({ deleted: z.int() })

const maxBase64 = Math.ceil(maxMessageBytes / 3) * 4

/** `PATCH /api/v1/dead-letters/:id` with `If-Match`: what is absent stays. Its tenant never changes. */
export const letterEditSchema = z
  .strictObject({
    text: z.string().min(1).max(maxMessageBytes).optional(),
    /** For what is no text: base64. */
    item: z.base64().min(1).max(maxBase64).optional(),
    /** Words of its routing key; null: none. */
    deployment: z.string().min(1).max(64).nullable().optional(),
    source: z.string().min(1).max(128).nullable().optional(),
  })
  .refine(({ text, item }) => text === undefined || item === undefined, {
    error: 'text or item, not both',
  })
  .refine((edit) => Object.values(edit).some((value) => value !== undefined), {
    error: 'there is nothing to change',
  })
export type LetterEdit = z.infer<typeof letterEditSchema>

export const defaultReplayPerSecond = 500

/** `POST /api/v1/dead-letter-replays`: sends the letters of the filter that are there now to where they came from; with `ids`, those of them. */
export const newReplaySchema = z.strictObject({
  ...filter,
  ids: z.array(z.string().min(1).max(255)).min(1).max(1000).optional(),
  perSecond: z.int().min(1).max(10_000).default(defaultReplayPerSecond),
})

/** `GET /api/v1/dead-letter-replays/:id` */
export const replaySchema = z.object({
  id: z.string(),
  tenant: z.string(),
  /** `running` until every letter has been looked at. */
  state: z.enum(['running', 'done', 'cancelled']),
  /** Why it waits now, or why it skipped what it skipped. */
  reason: z.string().nullable(),
  /** Letters of the filter when it began. */
  total: z.int(),
  /** The broker has confirmed them, and they are no longer among the letters. */
  sent: z.int(),
  /** They stay as they are. */
  skipped: z.int(),
  /** Refused once more, and not sent again since. */
  returned: z.int(),
  perSecond: z.int(),
  requestedBy: z.string(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
})
export type Replay = z.infer<typeof replaySchema>

/** `GET /api/v1/dead-letter-replays`, newest first: those that run, and some that ended. */
export const replayListSchema = z.object({
  items: z.array(replaySchema),
  nextCursor: z.string().nullable(),
})
