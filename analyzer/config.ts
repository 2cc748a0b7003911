import { readConfig } from '@warren/platform/config/read'
import { secretSchema } from '@warren/platform/secret'
import { z } from 'zod'
import { analyzerSettingsSchema } from './settings.ts'

export const configSchema = z.strictObject({
  amqpUrl: secretSchema.describe('`amqp://` or `amqps://` with a credential that may consume.'),
  analyzer: analyzerSettingsSchema.prefault({}),
  log: z
    .strictObject({
      level: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
      pretty: z.boolean().default(false),
    })
    .prefault({}),
})

/** YAML file of `WARREN_CONFIG`, then `WARREN_…` variables. */
export const readAnalyzerConfig = (): z.output<typeof configSchema> =>
  readConfig(configSchema, { file: process.env['WARREN_CONFIG'], env: process.env })
