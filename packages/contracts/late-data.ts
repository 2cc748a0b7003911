import { z } from 'zod'
import { tenantSchema } from './names.ts'
import { exchanges, type QueueSpec } from './topology.ts'

/** A point that is stored no later than this after its time needs no announcement. */
export const unannouncedMs = 45_000

const msSchema = z.number().finite()

/** Points of one tenant that were stored late, or went: sent on `warren.late` once they are, by whoever wrote or removed them. */
export const lateDataSchema = z.object({
  tenant: tenantSchema,
  spans: z
    .array(
      z.object({
        /** Absent: of any. */
        measurement: z.string().optional(),
        /** Times of the points, ms since the epoch, inclusive. */
        oldestMs: msSchema,
        newestMs: msSchema,
      }),
    )
    .max(1000),
})

export type LateDataMessage = z.infer<typeof lateDataSchema>
export type LateSpan = LateDataMessage['spans'][number]

/** Routing keys; the exchange is a fanout, so they only say what a message is. */
export const lateKeys = { late: 'late', echo: 'echo' } as const

/** What one api instance hears with: gone with its connection. */
export const lateQueue = (instance: string): QueueSpec => ({
  name: `api.late.${instance}`,
  durable: false,
  autoDelete: false,
  exclusive: true,
  arguments: { 'x-max-length-bytes': 16 * 1024 ** 2, 'x-overflow': 'reject-publish' },
  bindings: [{ exchange: exchanges.late, key: '' }],
})
