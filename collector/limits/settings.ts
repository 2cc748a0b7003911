import { tenantSchema } from '@warren/contracts/names'
import { z } from 'zod'

const limits = {
  itemsPerSecond: z
    .int()
    .min(1)
    .optional()
    .describe('Points, and records, a second that a tenant may send to one collector'),
  bytesPerSecond: z
    .int()
    .min(1024)
    .optional()
    .describe('Bytes a second of their lines, unpacked, likewise'),
}

/** How much tenants may send, over all inputs and listeners. Without limits they share what there is. */
export const limitsSchema = z
  .strictObject({
    ...limits,
    burstSeconds: z
      .int()
      .min(1)
      .max(3600)
      .default(10)
      .describe('What a limit allows in so many seconds may come at once after a silence'),
    tenants: z
      .record(tenantSchema, z.strictObject(limits))
      .default({})
      .describe('Limits of single tenants by name, in place of those of all'),
  })
  .prefault({})

export type LimitsSettings = z.output<typeof limitsSchema>
