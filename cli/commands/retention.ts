import {
  maxRetentionDays,
  type RetentionBody,
  retentionSchema,
} from '@warren/contracts/http/retention'
import { exitCodes } from '@warren/platform/exit-codes'
import type { Command } from 'commander'
import { createApiClient } from '../api/client.ts'
import { type ApiOptions, findApi, withApiOptions } from '../api/config.ts'
import { ExitError } from '../exit-error.ts'
import { wholeNumber } from '../option-values.ts'
import { ending, print } from '../terminal.ts'

const path = '/api/v1/retention'

const days = wholeNumber(1, maxRetentionDays)

interface RetentionOptions extends ApiOptions {
  readonly tenant?: string
  readonly json: boolean
}

interface Wishes extends RetentionOptions {
  readonly metrics?: number
  readonly metrics5m?: number
  readonly metrics1h?: number
  readonly logs?: number
}

const withRetentionOptions = (command: Command): Command =>
  withApiOptions(command)
    .option('--tenant <tenant>', 'of another tenant (admins)')
    .option('--json', 'as one JSON object', false)

function tell(kept: RetentionBody, { json }: RetentionOptions): number {
  if (json) print(JSON.stringify(kept))
  else {
    print(`tenant ${kept.tenant}`)
    print(`  metrics             ${kept.metricsDays} days`)
    print(`  metrics, 5 minutes  ${kept.metrics5mDays} days`)
    print(`  metrics, 1 hour     ${kept.metrics1hDays} days`)
    print(`  logs                ${kept.logsDays} days`)
  }
  return exitCodes.ok
}

const readKept = (options: RetentionOptions): Promise<RetentionBody> =>
  createApiClient(findApi(options)).read(retentionSchema, {
    path,
    query: { tenant: options.tenant },
  })

const show = async (options: RetentionOptions) => tell(await readKept(options), options)

async function set(options: Wishes): Promise<number> {
  const { metrics, metrics5m, metrics1h, logs, tenant } = options
  if ([metrics, metrics5m, metrics1h, logs].every((days) => days === undefined))
    throw new ExitError(
      'usage',
      'say --metrics DAYS, --metrics-5m DAYS, --metrics-1h DAYS, --logs DAYS, or several',
    )
  const present = await readKept(options)
  const body = {
    metricsDays: metrics ?? present.metricsDays,
    metrics5mDays: metrics5m ?? present.metrics5mDays,
    metrics1hDays: metrics1h ?? present.metrics1hDays,
    logsDays: logs ?? present.logsDays,
  }
  const call = { method: 'PUT', path, query: { tenant }, body } as const
  return tell(await createApiClient(findApi(options)).read(retentionSchema, call), options)
}

/** `warren retention show|set` */
export function addRetention(program: Command): void {
  const command = program.command('retention').description('how long a tenant keeps its data')
  withRetentionOptions(command.command('show'))
    .description('whole days of metrics, their rollups and logs')
    .action(ending(show))
  withRetentionOptions(command.command('set'))
    .description('what is older goes within minutes, for good')
    .option('--metrics <days>', 'whole days that metrics are kept as they came', days)
    .option('--metrics-5m <days>', 'whole days that their rollups to 5 minutes are kept', days)
    .option('--metrics-1h <days>', 'whole days that their rollups to 1 hour are kept', days)
    .option('--logs <days>', 'whole days that log records are kept', days)
    .action(ending(set))
}
