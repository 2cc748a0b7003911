import { type ConfigSources, readConfig } from '@warren/platform/config/read'
import {
  adminSettings,
  amqpSettings,
  logSettings,
  portSchema,
} from '@warren/platform/config/service-settings'
import { catalogSettings } from '@warren/stores/settings'
import { z } from 'zod'
import { collectorSettingsSchema } from './settings.ts'

/** Settings of a collector in a process of its own; in `warren up` it is mounted under `/collect`. Names are those of `warren up` where both have them. */
export const configSchema = z.strictObject({
  ...amqpSettings,
  ...catalogSettings,
  httpHost: z.string().default('127.0.0.1').describe('Address to listen on'),
  httpPort: portSchema.default(8086).describe('0 takes a free port'),
  ...adminSettings(8083),
  dataDir: z
    .string()
    .default('./data/collector')
    .describe('What waits for the broker; of one collector alone.'),
  collector: collectorSettingsSchema.prefault({}),
  log: logSettings,
})

type CollectorConfig = z.output<typeof configSchema>

/** YAML file of `WARREN_CONFIG`, then `WARREN_…` variables. */
export const readCollectorConfig = (sources: Partial<ConfigSources> = {}): CollectorConfig =>
  readConfig(configSchema, { file: process.env['WARREN_CONFIG'], env: process.env, ...sources })
