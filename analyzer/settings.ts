import { z } from 'zod'

/** What the analyzer may be told in every shape. */
export const analyzerSettingsSchema = z.strictObject({
  silentAfterMs: z
    .int()
    .min(1_000)
    .default(60_000)
    .describe(
      'A host that sends no metrics for this long is silent; at least three of its intervals.',
    ),
  checkEveryMs: z.int().min(100).default(5_000),
  maxHosts: z
    .int()
    .min(1)
    .default(50_000)
    .describe(
      'Hosts remembered; above it the one of the tenant with most that was heard longest ago is forgotten.',
    ),
  queueBytes: z
    .int()
    .min(1024 ** 2)
    .default(64 * 1024 ** 2)
    .describe('Of its own queue; above it the oldest messages are dropped.'),
})

export type AnalyzerSettings = z.output<typeof analyzerSettingsSchema>
