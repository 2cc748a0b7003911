import { z } from 'zod'
import { tenantSchema } from '../names.ts'

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

/** A user of the broker that a sender has: of kind `amqp`, or one of Cloudify's agents. Senders of kind `http` have tokens. */
export const brokerSenderSchema = z.object({
  user: z.string(),
  kind: z.enum(['amqp', 'cloudify']),
  tenant: tenantSchema,
})
export type BrokerSender = z.infer<typeof brokerSenderSchema>

/** `GET /api/v1/senders?tenant=`; another tenant than the caller's: admins. */
export const senderQuerySchema = z.strictObject({ tenant: tenantSchema.optional() })

/** By name. */
export const senderListSchema = z.object({ items: z.array(brokerSenderSchema) })
