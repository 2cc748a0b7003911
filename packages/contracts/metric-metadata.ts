import { z } from 'zod'

/** Kinds of measures of Metrics 2.0 (http://metrics20.org/spec/): `counter` only ever rises, `count` is of an interval, `timestamp` is seconds since 1970. */
const mtypes = ['gauge', 'counter', 'count', 'rate', 'timestamp'] as const

const nameSchema = z.string().min(1).max(255)

const meaning = {
  unit: z.string().min(1).max(64).optional().describe('As Metrics 2.0: B, s, %, Hz, B/s …'),
  mtype: z.enum(mtypes).optional().describe('Kind of measure'),
  what: z.string().min(1).max(255).optional().describe('What is measured'),
}

/** What one field of a measurement means. A line of a message on `warren.metrics` whose content type is `contentTypes.metricMetadata`; the tenant is the routing key's.
 *  Sent again whenever the sender likes: what is unchanged costs nothing. Keys that are not named here are ignored. */
export const metricMetadataSchema = z.object({
  measurement: nameSchema,
  field: nameSchema,
  ...meaning,
})

export type MetricMetadata = z.infer<typeof metricMetadataSchema>
