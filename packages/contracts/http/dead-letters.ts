import { z } from 'zod'
import { deadLetterCodes, deadLetterSchema } from '../dead-letter.ts'
import { pageQuerySchema } from './page.ts'

const filter = {
  stream: z.enum(['metrics', 'logs']).optional(),
  code: z.enum(deadLetterCodes).optional(),
  /** The caller's own unless given; another only for an admin. `-` holds what named no tenant that exists. */
  tenant: z.string().max(64).optional(),
}

/** `GET /api/v1/dead-letters?limit=&cursor=&stream=&code=&tenant=`, newest first. */
export const deadLetterQuerySchema = pageQuerySchema.extend(filter)

export const deadLetterListSchema = z.object({
  items: z.array(deadLetterSchema),
  nextCursor: z.string().nullable(),
  /** Of the tenant, whatever the filter. */
  total: z.int(),
})

/** `DELETE /api/v1/dead-letters?stream=&code=&tenant=` */
export const deadLetterPurgeQuerySchema = z.strictObject(filter)

export const deadLettersDeletedSchema = z.object({ deleted: z.int() })
