import { secretSchema } from '@warren/platform/secret'
import { z } from 'zod'

const ms = (value: number) => z.int().min(1).default(value)

/** Settings of the api that do not depend on where its stores are. */
export const apiSettingsSchema = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address to listen on'),
  port: z.int().min(0).max(65_535).default(8080).describe('0 takes a free port'),
  basePath: z
    .string()
    .regex(/^(\/[\w.-]+)*$/, 'empty, or like /warren, without a slash at the end')
    .default('')
    .describe('Path below which a proxy shows Warren; a proxy may strip it or not'),
  publicUrl: z.url().optional().describe('Where others reach Warren, base path included'),
  collectUrl: z
    .url()
    .optional()
    .describe('Where senders reach a collector of its own; without it, `/collect` of this api'),
  trustProxy: z
    .array(z.string())
    .default([])
    .describe('Addresses or networks of proxies whose X-Forwarded-* headers are believed'),
  sessionHours: z.number().min(0.1).max(8760).default(12).describe('Until a session ends'),
  redisUrl: secretSchema
    .optional()
    .describe(
      'As `redis://:password@host:6379`: where several instances of the api count queries together and share what they keep of answers; each by itself without it',
    ),
  drainMs: ms(10_000).describe('How long requests may take to end when the api stops'),
  taps: z
    .strictObject({
      maxPerTenant: z.int().min(0).max(1000).default(20).describe('Taps that a tenant may have'),
      amqpUrl: z
        .url({ protocol: /^amqps?$/ })
        .optional()
        .describe('Where consumers of taps reach the broker; unless set, as Warren does'),
    })
    .prefault({}),
  queries: z
    .strictObject({
      deadlineMs: ms(20_000).describe('A query that takes longer is ended; Grafana waits 30 s'),
      concurrent: z
        .int()
        .min(1)
        .default(8)
        .describe(
          'Queries at each store at one time at most: as few as give nearly all that it can answer, which is found out, fewer while it fails, is late or says that it is busy, and at an embedded store no more than cores and two',
        ),
      concurrentPerTenant: z
        .int()
        .min(1)
        .default(6)
        .describe('Of them, of one tenant; never all, where there are several'),
      concurrentAlertsPerTenant: z
        .int()
        .min(1)
        .default(2)
        .describe('Queries of alert rules, which have a quarter of the limit beside all others'),
      queued: z.int().min(0).default(2000).describe('Queries that may wait for a store'),
      queuedPerTenant: z.int().min(0).default(200).describe('Of them, of one tenant'),
      maxAnswerBytes: z
        .int()
        .min(1024)
        .default(64 * 1024 * 1024),
      answersBytes: z
        .int()
        .min(1024 * 1024)
        .default(96 * 1024 * 1024)
        .describe(
          'Memory for answers between the store and who asked; those that find no room wait, within the deadline',
        ),
      rollups: z
        .strictObject({
          alerts: z
            .boolean()
            .default(false)
            .describe('Alert rules that reach beyond the points are answered from rollups, too'),
        })
        .prefault({}),
      cache: z
        .strictObject({
          maxBytes: z
            .int()
            .min(0)
            .default(96 * 1024 * 1024)
            .describe('Memory for kept answers to queries; 0 asks the stores each time'),
          maxBytesPerTenant: z
            .int()
            .min(0)
            .default(64 * 1024 * 1024),
          settleMs: z
            .int()
            .min(60_000)
            .default(60_000)
            .describe('How late points may come that something other than Warren writes'),
          shared: z
            .boolean()
            .default(true)
            .describe(
              'What is kept of answers goes to the Redis of `redisUrl`, too, where several instances are before one external metric store',
            ),
          maxAgeMs: ms(3_600_000).describe('After it, buckets that are over are asked for again'),
        })
        .prefault({}),
    })
    .prefault({}),
})

export type ApiSettings = z.output<typeof apiSettingsSchema>
