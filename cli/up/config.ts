import { configSchema as agentSchema } from '@warren/agent-host/config'
import { analyzerSettingsSchema } from '@warren/analyzer/settings'
import { apiSettingsSchema } from '@warren/api/settings'
import { collectorSettingsSchema } from '@warren/collector/settings'
import { type ConfigSources, readConfig } from '@warren/platform/config/read'
import { logSettings, portSchema as port } from '@warren/platform/config/service-settings'
import { settingsOf } from '@warren/platform/plugin'
import { secretSchema } from '@warren/platform/secret'
import { pollerSettingsSchema } from '@warren/poller/config'
import * as logStores from '@warren/stores/logs/index'
import * as metricStores from '@warren/stores/metrics/index'
import { z } from 'zod'

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/** An address with a credential, of one of these kinds. */
const address = (...protocols: readonly string[]) =>
  secretSchema.refine(
    (secret) => {
      const url = URL.parse(secret.reveal())
      return url !== null && protocols.includes(url.protocol)
    },
    {
      message: `expected an address that starts with ${protocols.map((word) => `${word}//`).join(' or ')}`,
    },
  )

const tlsSchema = z.strictObject({
  certFile: z.string().describe('PEM'),
  keyFile: z.string().describe('PEM'),
  caFile: z
    .string()
    .optional()
    .describe('PEM of the authorities between the certificate and one that senders know'),
})

/** Settings of `warren up`: every service in one process. */
export const upSchema = z
  .strictObject({
    httpHost: z.string().default('127.0.0.1').describe('Address of the api and the console'),
    httpPort: port.default(8080).describe('0 takes a free port'),
    adminPort: port.default(0).describe('Metrics and readiness, on loopback; 0 takes a free port'),
    dataDir: z.string().default('./data').describe('Everything that Warren keeps'),
    adminPassword: secretSchema
      .optional()
      .describe('Of the user admin; generated at the first start unless set'),
    amqpUrl: address('amqp:', 'amqps:')
      .optional()
      .describe('A RabbitMQ that you run; without it Warren runs a private node'),
    amqpHost: z
      .string()
      .default('127.0.0.1')
      .describe('Address of the private node; beyond loopback only with amqpTls'),
    amqpPort: port
      .min(1)
      .optional()
      .describe('Of the private node; a free one, remembered, unless set'),
    amqpTls: tlsSchema.optional().describe('Certificate of the private node'),
    metricStore: settingsOf(metricStores).prefault({ type: 'duckdb' }),
    logStore: settingsOf(logStores).prefault({ type: 'duckdb' }),
    catalogUrl: address('postgres:', 'postgresql:')
      .optional()
      .describe('postgres:// address; without it Warren runs a private PostgreSQL'),
    api: apiSettingsSchema.omit({ host: true, port: true }).prefault({}),
    poller: pollerSettingsSchema.prefault({}),
    collector: collectorSettingsSchema.prefault({}),
    analyzer: analyzerSettingsSchema.prefault({}),
    agent: agentSchema
      .pick({ host: true, intervalMs: true, compression: true, inputs: true, tail: true })
      .extend({ enabled: z.boolean().default(true).describe('Run the agent of this host') })
      .prefault({}),
    log: logSettings,
  })
  .refine(({ amqpHost, amqpTls }) => loopback.has(amqpHost) || amqpTls !== undefined, {
    path: ['amqpHost'],
    message: 'AMQP beyond loopback needs amqpTls.certFile and amqpTls.keyFile',
  })

export type UpConfig = z.output<typeof upSchema>

/** YAML file (`--config FILE` or `WARREN_CONFIG`), then `WARREN_…` variables, then flags. */
export const readUpConfig = ({ file, flags }: Omit<ConfigSources, 'env'>): UpConfig =>
  readConfig(upSchema, {
    file: file ?? process.env['WARREN_CONFIG'],
    env: process.env,
    ...(flags === undefined ? {} : { flags }),
  })
