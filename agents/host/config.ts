import { hostname } from 'node:os'
import { datasetSchema, defaultTenant, genericDataset, tenantSchema } from '@warren/contracts/names'
import { readConfig } from '@warren/platform/config/read'
import { settingsOf } from '@warren/platform/plugin'
import { secretSchema } from '@warren/platform/secret'
import { z } from 'zod'
import * as inputs from './inputs/index.ts'

const everyInput = Object.values(inputs).map(({ type }) => ({ type }))
const mebibyte = 1024 ** 2

const tailSchema = z.strictObject({
  paths: z.array(z.string().startsWith('/', 'an absolute path or glob')).min(1),
  exclude: z.array(z.string()).default(['/**/*.{gz,bz2,xz,zst}']),
  dataset: datasetSchema.default(genericDataset),
  service: z.string().max(128).optional().describe('`service.name` of the records.'),
  start: z
    .enum(['end', 'beginning'])
    .default('end')
    .describe(
      'Where a file is read from that was there when its path was first configured; one that appears later is read from its beginning.',
    ),
})

export const configSchema = z.strictObject({
  amqpUrl: secretSchema.describe('`amqp://` or `amqps://` with the credential of this agent.'),
  amqpCa: z.string().optional().describe('PEM of the authority behind an `amqps` broker.'),
  tenant: tenantSchema.default(defaultTenant),
  host: z
    .string()
    .min(1)
    .max(80)
    .default(hostname())
    .describe('Tag `host` and `host.name`.')
    .meta({ defaultText: 'the name of this machine' }),
  dataDir: z.string().default('./data/agent').describe('Identity, checkpoints and spool.'),
  intervalMs: z.int().min(1_000).max(3_600_000).default(10_000),
  compression: z.enum(['zstd', 'gzip', 'none']).default('zstd'),
  inputs: z
    .array(settingsOf(inputs))
    .default(() => z.array(settingsOf(inputs)).parse(everyInput))
    .describe('What is collected')
    .meta({ defaultText: 'every input' }),
  tail: z.array(tailSchema).default([]),
  tailEveryMs: z.int().min(50).max(60_000).default(1_000).describe('Between looks at each file.'),
  discoverEveryMs: z.int().min(100).max(600_000).default(5_000),
  maxLineBytes: z
    .int()
    .min(1_024)
    .max(mebibyte)
    .default(256 * 1024),
  spoolBytes: z
    .int()
    .min(mebibyte)
    .default(256 * mebibyte)
    .describe('Metrics kept while the broker is away; the oldest are dropped above it.'),
  withParent: z
    .boolean()
    .default(false)
    .describe(
      'End when the process that started this one ends: when standard input or the IPC channel closes.',
    ),
  log: z
    .strictObject({
      level: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
      pretty: z.boolean().default(false),
    })
    .prefault({}),
})

export type AgentConfig = z.output<typeof configSchema>
export type TailConfig = z.output<typeof tailSchema>

const flagNames: Readonly<Record<string, string>> = { '--with-parent': 'withParent' }

/** YAML file (`--config FILE` or `WARREN_CONFIG`), then `WARREN_…` variables, then flags. */
export function readAgentConfig(argv: readonly string[]): AgentConfig {
  const at = argv.indexOf('--config')
  const flags = argv.flatMap((word) => (flagNames[word] === undefined ? [] : [flagNames[word]]))
  return readConfig(configSchema, {
    file: at < 0 ? process.env['WARREN_CONFIG'] : argv[at + 1],
    env: process.env,
    flags: Object.fromEntries(flags.map((name) => [name, true])),
  })
}
