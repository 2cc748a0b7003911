import { readConfig } from '@warren/platform/config/read'
import { secretSchema } from '@warren/platform/secret'
import { z } from 'zod'
import { collectorSettingsSchema } from './settings.ts'

/** Of a collector in a process of its own; in `warren up` it is mounted under `/collect`. */
export const configSchema = z.strictObject({
  amqpUrl: secretSchema.describe('`amqp://` or `amqps://` with a credential that may publish.'),
  catalogUrl: secretSchema.describe('`postgres://` of the catalog that knows the tokens.'),
  host: z.string().default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8086),
  collector: collectorSettingsSchema.prefault({}),
  log: z
    .strictObject({
      level: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
      pretty: z.boolean().default(false),
    })
    .prefault({}),
})

/** YAML file of `WARREN_CONFIG`, then `WARREN_…` variables. */
export const readCollectorConfig = (): z.output<typeof configSchema> =>
  readConfig(configSchema, { file: process.env['WARREN_CONFIG'], env: process.env })
