import { defaultQueueBytes } from '@warren/contracts/topology'
import { z } from 'zod'

const rate = (what: string) => z.int().min(100).optional().describe(what)

const limits = {
  itemsPerSecond: rate(
    'Points, and records, a second of a tenant over all pollers; above it they wait in its own queue',
  ),
  bytesPerSecond: rate('Unpacked bytes a second, likewise'),
}

/** How the poller shares itself between tenants. Without limits each may take all that others leave. */
export const fairnessSettingsSchema = z
  .strictObject({
    ...limits,
    tenants: z
      .record(z.string(), z.strictObject(limits))
      .default({})
      .describe('Limits of single tenants by name, in place of those of all'),
    overflowMaxBytes: z
      .int()
      .min(1024 ** 2)
      .default(defaultQueueBytes / 10)
      .describe("Size above which a tenant's own queue takes no more, so that the shared one does"),
  })
  .prefault({})

export type FairnessSettings = z.output<typeof fairnessSettingsSchema>
