import { type ConfigSources, readConfig } from '@warren/platform/config/read'
import { adminSettings, amqpSettings, logSettings } from '@warren/platform/config/service-settings'
import { z } from 'zod'
import { analyzerSettingsSchema } from './settings.ts'

/** Settings of an analyzer in a process of its own. Names are those of `warren up` where both have them. */
export const configSchema = z.strictObject({
  ...amqpSettings,
  ...adminSettings(8084),
  analyzer: analyzerSettingsSchema.prefault({}),
  log: logSettings,
})

type AnalyzerConfig = z.output<typeof configSchema>

/** YAML file of `WARREN_CONFIG`, then `WARREN_…` variables. */
export const readAnalyzerConfig = (sources: Partial<ConfigSources> = {}): AnalyzerConfig =>
  readConfig(configSchema, { file: process.env['WARREN_CONFIG'], env: process.env, ...sources })
