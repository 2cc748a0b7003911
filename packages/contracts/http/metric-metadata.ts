import { z } from 'zod'
import { metricMetadataSchema } from '../metric-metadata.ts'
import { pageQuerySchema } from './page.ts'

/** `GET /api/v1/metric-metadata?limit=&cursor=&measurement=`, by measurement and field. */
export const metricMetadataQuerySchema = pageQuerySchema.extend({
  measurement: z.string().min(1).max(255).optional(),
})

export const metricMetadataListSchema = z.object({
  items: z.array(metricMetadataSchema),
  nextCursor: z.string().nullable(),
})
