import { z } from 'zod'
import { limitsSchema } from './limits/settings.ts'
import { listenersSchema } from './listening/entry.ts'

const mebibyte = 1024 ** 2

/** What the collector may be told in every shape. */
export const collectorSettingsSchema = z.strictObject({
  maxBodyBytes: z
    .int()
    .min(1_024)
    .default(25 * mebibyte)
    .describe('Of one request, after decompression; a larger one is answered 413.'),
  maxPendingBytes: z
    .int()
    .min(mebibyte)
    .default(128 * mebibyte)
    .describe('Of all requests that wait for the broker; above it new ones are answered 503.'),
  messageBytes: z
    .int()
    .min(64 * 1024)
    .max(2 * mebibyte)
    .default(mebibyte)
    .describe('The largest message made of a request.'),
  spoolBytes: z
    .int()
    .min(mebibyte)
    .default(1024 * mebibyte)
    .describe(
      'On disk while the broker is away or full, of metrics and of logs each; above it requests are answered 503.',
    ),
  limits: limitsSchema,
  listeners: listenersSchema,
})

export type CollectorSettings = z.output<typeof collectorSettingsSchema>
