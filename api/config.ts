import { defaultTenant, tenantSchema } from '@warren/contracts/names'
import { type ConfigSources, readConfig } from '@warren/platform/config/read'
import {
  adminSettings,
  amqpSettings,
  logSettings,
  portSchema,
} from '@warren/platform/config/service-settings'
import { secretSchema } from '@warren/platform/secret'
import { storeSettings } from '@warren/stores/settings'
import { z } from 'zod'
import { apiSettingsSchema } from './settings.ts'

/** Settings of an api in a process of its own. Names are those of `warren up` where both have them. */
export const configSchema = z.strictObject({
  httpHost: z.string().default('127.0.0.1').describe('Address to listen on'),
  httpPort: portSchema.default(8080),
  ...adminSettings(8081),
  ...storeSettings,
  amqpUrl: amqpSettings.amqpUrl
    .optional()
    .describe(`${amqpSettings.amqpUrl.description}; without it there are no taps`),
  amqpCaFile: amqpSettings.amqpCaFile,
  cloudifyTenant: tenantSchema
    .default(defaultTenant)
    .describe(
      'Whose are the Cloudify senders in vhost `/`: as `poller.cloudify.tenant` of the poller',
    ),
  adminPassword: secretSchema
    .optional()
    .describe('Sets the password of the user admin; absent leaves it as it is'),
  grafanaToken: secretSchema
    .optional()
    .describe('Secret of a viewer token that Grafana shows; another one ends the one before'),
  consoleDir: z
    .string()
    .default(`${import.meta.dirname}/../dashboards/console/dist`)
    .describe('Folder of the built console')
    .meta({ defaultText: 'the one of this installation' }),
  parts: z
    .record(z.string(), z.url())
    .default({})
    .describe(
      'Admin addresses of the other services, by name: the status page shows their state too',
    ),
  api: apiSettingsSchema.omit({ host: true, port: true }).prefault({}),
  log: logSettings,
})

export type ApiConfig = z.output<typeof configSchema>

export const readApiConfig = (sources: Partial<ConfigSources> = {}): ApiConfig =>
  readConfig(configSchema, { file: process.env['WARREN_CONFIG'], env: process.env, ...sources })
