import { defaultTenant, tenantSchema } from '@warren/contracts/names'
import { maxShards } from '@warren/contracts/shards'
import { defaultQueueBytes } from '@warren/contracts/topology'
import { type ConfigSources, readConfig } from '@warren/platform/config/read'
import { adminSettings, amqpSettings, logSettings } from '@warren/platform/config/service-settings'
import { storeSettings } from '@warren/stores/settings'
import { z } from 'zod'
import { fairnessSettingsSchema } from './fairness/settings.ts'

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
  concurrency: z
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe(
      'Writes of each stream at once, at most; fewer while the store is slow or overloaded',
    ),
  shards: z
    .int()
    .min(1)
    .max(maxShards)
    .default(1)
    .describe(
      'Storage queues of each stream, which all pollers share; more than one needs the plugin rabbitmq_random_exchange',
    ),
  prefetch: z
    .int()
    .min(1)
    .max(10_000)
    .default(1000)
    .describe('Unacknowledged messages a queue, at most'),
  maxInFlightBytes: z
    .int()
    .min(8 * mebibyte)
    .default(24 * mebibyte)
    .describe('Unpacked bytes of each stream that wait for their write'),
  maxInFlightItems: z
    .int()
    .min(1000)
    .default(400_000)
    .describe('Points or records of each stream that wait for their write'),
  maxAheadMs: z
    .int()
    .min(0)
    .default(86_400_000)
    .describe('How far ahead of now a timestamp may lie'),
  maxBehindMs: z
    .int()
    .min(0)
    .default(0)
    .describe('How far behind now a timestamp may lie; 0: as far as 1971'),
  rulesFile: z
    .string()
    .optional()
    .describe(
      'Rules of the pipeline, read again when it changes; `rules.yaml` in dataDir unless set',
    ),
  queueMaxBytes: z
    .int()
    .min(mebibyte)
    .default(defaultQueueBytes)
    .describe('Size above which a storage queue refuses messages'),
  fairness: fairnessSettingsSchema,
  cloudify: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe("Take what Cloudify's agents and managers send to its exchanges"),
      tenant: tenantSchema
        .default(defaultTenant)
        .describe(
          'Whose are the Cloudify senders in vhost `/`; other tenants have vhosts of their own',
        ),
    })
    .prefault({}),
  maxHoldMs: z
    .int()
    .min(1000)
    .max(15 * 60_000)
    .default(15 * 60_000)
    .describe(
      "How long a message may wait for its store before it goes back to its queue; at most half of the broker's consumer_timeout, which is 30 minutes unless changed",
    ),
  minFreeBytes: z
    .int()
    .min(0)
    .default(0)
    .describe(
      'Free room below which embedded stores give up their oldest days; 0: a tenth of the disk, 5 GiB at most',
    ),
  closeMs: z.int().min(0).default(10_000).describe('How long closing waits for writes'),
})

/** Beside external stores: larger batches save them nothing, and what waits is most of such a process. */
const standaloneSchema = pollerSettingsSchema.safeExtend({
  maxInFlightBytes: pollerSettingsSchema.shape.maxInFlightBytes.default(8 * mebibyte),
})

export type PollerSettings = z.output<typeof pollerSettingsSchema>

/** Settings of a poller in a process of its own. Names are those of `warren up` where both have them. */
export const configSchema = z.strictObject({
  ...amqpSettings,
  ...storeSettings,
  ...adminSettings(8082),
  poller: standaloneSchema.prefault({}),
  log: logSettings,
})

export type PollerConfig = z.output<typeof configSchema>

export const readPollerConfig = (sources: Partial<ConfigSources> = {}): PollerConfig =>
  readConfig(configSchema, { file: process.env['WARREN_CONFIG'], env: process.env, ...sources })
