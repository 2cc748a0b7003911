import { z } from 'zod'
import { deadLetterSchema } from '../dead-letter.ts'

/** `GET /api/v1/dead-letters?limit=&cursor=&stream=&code=`, newest first. */
export const deadLetterListSchema = z.object({
  items: z.array(deadLetterSchema),
  nextCursor: z.string().nullable(),
})
