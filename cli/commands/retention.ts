import { type RetentionBody, retentionSchema } from '@warren/contracts/http/retention'
import { exitCodes } from '@warren/platform/exit-codes'
import type { Command } from 'commander'
import { createApiClient } from '../api/client.ts'
import { type ApiOptions, findApi, withApiOptions } from '../api/config.ts'
import { ExitError } from '../exit-error.ts'
import { ending, print } from '../terminal.ts'

const path = '/api/v1/retention'

interface RetentionOptions extends ApiOptions {
  readonly tenant?: string
  readonly json: boolean
}

interface Wishes extends RetentionOptions {
  readonly metrics?: string
  readonly logs?: string
}

const withRetentionOptions = (command: Command): Command =>
  withApiOptions(command)
    .option('--tenant <tenant>', 'of another tenant (admins)')
    .option('--json', 'as one JSON object', false)

function tell(kept: RetentionBody, { json }: RetentionOptions): number {
  if (json) print(JSON.stringify(kept))
  else {
    print(`tenant ${kept.tenant}`)
    print(`  metrics  ${kept.metricsDays} days`)
    print(`  logs     ${kept.logsDays} days`)
  }
  return exitCodes.ok
}

const readKept = (options: RetentionOptions): Promise<RetentionBody> =>
  createApiClient(findApi(options)).read(retentionSchema, {
    path,
    query: { tenant: options.tenant },
  })

const show = async (options: RetentionOptions) => tell(await readKept(options), options)

function daysOf(text: string | undefined, present: number): number {
  if (text === undefined) return present
  if (!/^\d{1,5}$/.test(text)) throw new ExitError('usage', `${text} is no number of days`)
  return Number(text)
}

async function set(options: Wishes): Promise<number> {
  const { metrics, logs, tenant } = options
  if (metrics === undefined && logs === undefined)
    throw new ExitError('usage', 'say --metrics DAYS, --logs DAYS, or both')
  const present = await readKept(options)
  const body = {
    metricsDays: daysOf(metrics, present.metricsDays),
    logsDays: daysOf(logs, present.logsDays),
  }
  const call = { method: 'PUT', path, query: { tenant }, body } as const
  return tell(await createApiClient(findApi(options)).read(retentionSchema, call), options)
}

/** `warren retention show|set` */
export function addRetention(program: Command): void {
  const command = program.command('retention').description('how long a tenant keeps its data')
  withRetentionOptions(command.command('show'))
    .description('whole days of metrics and logs')
    .action(ending(show))
  withRetentionOptions(command.command('set'))
    .description('what is older goes within minutes, for good')
    .option('--metrics <days>', 'whole days that metrics are kept')
    .option('--logs <days>', 'whole days that log records are kept')
    .action(ending(set))
}
