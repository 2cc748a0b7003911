import { z } from 'zod'

/** Query parameters of every list: `limit` 1 to 1000, `cursor` as a page's `nextCursor` gave it. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  cursor: z.string().max(1024).optional(),
})
