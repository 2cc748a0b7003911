import { type ConfigSources, readConfig } from '@warren/platform/config/read'
import { settingsOf } from '@warren/platform/plugin'
import { secretSchema } from '@warren/platform/secret'
import * as logStores from '@warren/stores/logs/index'
import * as metricStores from '@warren/stores/metrics/index'
import { z } from 'zod'
import { apiSettingsSchema } from './settings.ts'

const port = z.int().min(0).max(65_535)

/** Settings of an api in a process of its own. Names are those of `warren up` where both have them. */
const configSchema = z.strictObject({
  httpHost: z.string().default('127.0.0.1').describe('Address to listen on'),
  httpPort: port.default(8080),
  adminHost: z.string().default('127.0.0.1').describe('Address of metrics and readiness'),
  adminPort: port.default(8081),
  dataDir: z.string().default('./data').describe('Of embedded stores; external ones need none'),
  catalogUrl: secretSchema.describe('postgres:// address'),
  metricStore: settingsOf(metricStores),
  logStore: settingsOf(logStores),
  adminPassword: secretSchema
    .optional()
    .describe('Sets the password of the user admin; absent leaves it as it is'),
  consoleDir: z
    .string()
    .default(`${import.meta.dirname}/../dashboards/console/dist`)
    .describe('Folder of the built console'),
  services: z
    .array(z.strictObject({ name: z.string(), adminUrl: z.url() }))
    .default([])
    .describe('Other services whose state the status page shows'),
  api: apiSettingsSchema.omit({ host: true, port: true }).prefault({}),
  log: z
    .strictObject({
      level: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
      pretty: z.boolean().default(process.stdout.isTTY ?? false),
    })
    .prefault({}),
})

export type ApiConfig = z.output<typeof configSchema>

export const readApiConfig = (sources: Partial<ConfigSources> = {}): ApiConfig =>
  readConfig(configSchema, { file: process.env['WARREN_CONFIG'], env: process.env, ...sources })
