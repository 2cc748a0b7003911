import { defaultQueueBytes } from '@warren/contracts/topology'
import { z } from 'zod'

const mebibyte = 1024 ** 2

/** Settings of the poller, below `poller`. */
export const pollerSettingsSchema = z.strictObject({
  batch: z
    .strictObject({
      maxItems: z.int().min(1).max(1_000_000).default(20_000).describe('Points or records a write'),
      maxBytes: z
        .int()
        .min(1024)
        .max(256 * mebibyte)
        .default(8 * mebibyte)
        .describe('Bytes a write'),
      maxWaitMs: z
        .int()
        .min(0)
        .max(10_000)
        .default(50)
        .describe('How long a message waits for others'),
    })
    .prefault({}),
  prefetch: z
    .int()
    .min(1)
    .max(10_000)
    .default(1000)
    .describe('Unacknowledged messages a queue, at most'),
  maxInFlightBytes: z
    .int()
    .min(8 * mebibyte)
    .default(64 * mebibyte)
    .describe('Unpacked bytes of each stream that wait for their write'),
  maxAheadMs: z
    .int()
    .min(0)
    .default(86_400_000)
    .describe('How far ahead of now a timestamp may lie'),
  queueMaxBytes: z
    .int()
    .min(mebibyte)
    .default(defaultQueueBytes)
    .describe('Size above which a storage queue refuses messages'),
  closeMs: z.int().min(0).default(10_000).describe('How long closing waits for writes'),
})

export type PollerSettings = z.output<typeof pollerSettingsSchema>
