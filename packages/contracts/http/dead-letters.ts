import { z } from 'zod'
import { deadLetterCodes, deadLetterSchema } from '../dead-letter.ts'
import { pageQuerySchema } from './page.ts'

/** `GET /api/v1/dead-letters?limit=&cursor=&stream=&code=`, newest first. */
export const deadLetterQuerySchema = pageQuerySchema.extend({
  stream: z.enum(['metrics', 'logs']).optional(),
  code: z.enum(deadLetterCodes).optional(),
})

export const deadLetterListSchema = z.object({
  items: z.array(deadLetterSchema),
  nextCursor: z.string().nullable(),
  /** Of the tenant, whatever the filter. */
  total: z.int(),
})
