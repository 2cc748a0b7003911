import { defaultQueueBytes } from '@warren/contracts/topology'
import { type ConfigSources, readConfig } from '@warren/platform/config/read'
import { settingsOf } from '@warren/platform/plugin'
import { secretSchema } from '@warren/platform/secret'
import * as logStores from '@warren/stores/logs/index'
import * as metricStores from '@warren/stores/metrics/index'
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

/** Settings of a poller in a process of its own. Names are those of `warren up` where both have them. */
const configSchema = z.strictObject({
  amqpUrl: secretSchema.describe('amqp:// or amqps:// address with a credential'),
  amqpCaFile: z.string().optional().describe('PEM of the authority that signed the broker'),
  adminHost: z.string().default('127.0.0.1').describe('Address of metrics and readiness'),
  adminPort: z.int().min(0).max(65_535).default(8082),
  dataDir: z.string().default('./data').describe('Of embedded stores; external ones need none'),
  catalogUrl: secretSchema.describe('postgres:// address'),
  metricStore: settingsOf(metricStores),
  logStore: settingsOf(logStores),
  poller: pollerSettingsSchema.prefault({}),
  log: z
    .strictObject({
      level: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
      pretty: z.boolean().default(process.stdout.isTTY ?? false),
    })
    .prefault({}),
})

export type PollerConfig = z.output<typeof configSchema>

export const readPollerConfig = (sources: Partial<ConfigSources> = {}): PollerConfig =>
  readConfig(configSchema, { file: process.env['WARREN_CONFIG'], env: process.env, ...sources })
