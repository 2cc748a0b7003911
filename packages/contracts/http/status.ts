import { z } from 'zod'

/** `green` works; `yellow` works with a reservation; `red` does not; the reason says why and what happens next. */
export const healthSchema = z.object({
  /** `poller`, `poller/metrics store`, `broker` … */
  part: z.string(),
  state: z.enum(['green', 'yellow', 'red']),
  reason: z.string().nullable(),
  /** Since when in this state, RFC 3339. */
  since: z.iso.datetime(),
})
export type Health = z.infer<typeof healthSchema>

/** `GET /api/v1/status`: answers with every store down. */
export const statusSchema = z.object({
  version: z.string(),
  parts: z.array(healthSchema),
})
export type Status = z.infer<typeof statusSchema>
