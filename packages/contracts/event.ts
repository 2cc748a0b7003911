import { z } from 'zod'

/** One event on `warren.events` (Cloudify's shape): workflow, node, policy or platform. Key `<tenant>.<deployment>.<kind>`. */
export const eventSchema = z.object({
  type: z.string(),
  event_type: z.string(),
  /** RFC 3339: when it happened. */
  timestamp: z.string(),
  /** RFC 3339: when it was reported. */
  reported_timestamp: z.string().optional(),
  message: z.object({ text: z.string() }),
  context: z.record(z.string(), z.unknown()).default({}),
  error_causes: z.array(z.unknown()).optional(),
  execution_id: z.string().optional(),
})

export type WarrenEvent = z.infer<typeof eventSchema>
