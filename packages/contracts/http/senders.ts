import { z } from 'zod'

/** `POST /api/v1/senders`: a generated write-only credential for a sender outside, shown once. */
export const newSenderSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens; at most 63'),
  /** `http` makes a token for the collector; `amqp` a broker user that may write `<tenant>.*` keys only. */
  kind: z.enum(['http', 'amqp']),
})

export const createdSenderSchema = z.object({
  name: z.string(),
  kind: z.enum(['http', 'amqp']),
  tenant: z.string(),
  /** Where it sends: the collector's base URL, or `amqp://host:port`, without credentials. */
  url: z.string(),
  user: z.string(),
  secret: z.string(),
})
export type CreatedSender = z.infer<typeof createdSenderSchema>
