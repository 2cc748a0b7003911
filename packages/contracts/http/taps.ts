import { z } from 'zod'
import { deploymentSchema } from '../names.ts'
import { tapStreams } from '../taps.ts'

const mebibyte = 1024 ** 2
const daySeconds = 86_400

/** `POST /api/v1/taps`: a queue of its own and a credential that may read it and nothing else. */
export const newTapSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens; at most 40'),
    streams: z.array(z.enum(tapStreams)).min(1).max(tapStreams.length),
    /** Only this deployment's messages. */
    deployment: deploymentSchema.optional(),
    /** Bytes of messages that wait for the consumer; above it the oldest are dropped. */
    maxBytes: z
      .int()
      .min(64 * 1024)
      .max(64 * mebibyte)
      .default(16 * mebibyte),
    /** How long a message waits for the consumer. */
    messageTtlSeconds: z.int().min(1).max(daySeconds).default(600),
    /** A tap that nothing has consumed from for this long is removed. */
    expiresSeconds: z
      .int()
      .min(60)
      .max(30 * daySeconds)
      .default(7 * daySeconds),
  })
  .refine(({ streams }) => new Set(streams).size === streams.length, {
    path: ['streams'],
    message: 'a stream is named twice',
  })
  .refine(({ streams, deployment }) => deployment === undefined || !streams.includes('alerts'), {
    path: ['deployment'],
    message: 'alerts belong to a tenant, not to a deployment: make a tap of their own for them',
  })

export const tapSchema = z.object({
  name: z.string(),
  tenant: z.string(),
  streams: z.array(z.enum(tapStreams)),
  deployment: z.string().nullable(),
  /** The queue to consume from. */
  queue: z.string(),
  /** The broker user that may read it. */
  user: z.string(),
  maxBytes: z.int(),
  messageTtlSeconds: z.int(),
  expiresSeconds: z.int(),
  createdAt: z.iso.datetime(),
  /** When a consumer was last seen on the queue; looked for every half minute. */
  usedAt: z.iso.datetime().nullable(),
})
export type Tap = z.infer<typeof tapSchema>

/** Commands for whoever runs the broker, where Warren itself cannot make or remove users there; else empty. */
const operatorCommandsSchema = z.array(z.string())

/** The only time the secret is shown. */
export const createdTapSchema = tapSchema.extend({
  /** `amqp://host:port` or `amqps://…`, without credentials. */
  url: z.string(),
  /** Null where the operator's commands make the user. */
  secret: z.string().nullable(),
  operatorCommands: operatorCommandsSchema,
})
export type CreatedTap = z.infer<typeof createdTapSchema>

/** `GET /api/v1/taps`: all of the tenant, by name. */
export const tapListSchema = z.object({ items: z.array(tapSchema), nextCursor: z.null() })

/** `DELETE /api/v1/taps/<name>` */
export const removedTapSchema = z.object({ operatorCommands: operatorCommandsSchema })

/** `GET /api/v1/taps/live?stream=&deployment=`: server-sent events for as long as the client listens, each a message as it passes; nothing is kept for later. */
export const liveTapQuerySchema = z
  .strictObject({ stream: z.enum(tapStreams), deployment: deploymentSchema.optional() })
  .refine(({ stream, deployment }) => deployment === undefined || stream !== 'alerts', {
    path: ['deployment'],
    message: 'alerts belong to a tenant, not to a deployment',
  })

/** The data of an unnamed event. An event named `skipped` with `{messages}`: the client was slower than they came. */
export const liveMessageSchema = z.object({
  routingKey: z.string(),
  messageId: z.string().nullable(),
  /** The message's own, seconds since the epoch. */
  timestamp: z.number().nullable(),
  /** Unpacked: line protocol or NDJSON; invalid UTF-8 replaced. */
  text: z.string(),
})
export type LiveMessage = z.infer<typeof liveMessageSchema>
