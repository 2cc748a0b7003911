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
  readonly yes: boolean
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

const kinds = {
  metricsDays: 'metrics',
  metrics5mDays: 'metrics by 5 minutes',
  metrics1hDays: 'metrics by the hour',
  logsDays: 'log records',
} as const

type Days = Pick<RetentionBody, keyof typeof kinds>

/** Throws when something stored would go. */
function checkKept(before: Days, after: Days): void {
  const shorter = (Object.keys(kinds) as (keyof typeof kinds)[]).filter(
    (kind) => after[kind] < before[kind],
  )
  if (shorter.length === 0) return
  const gone = shorter.map((kind) => `${kinds[kind]} older than ${after[kind]} days`).join(', ')
  throw new ExitError('usage', `this deletes ${gone} for good: say --yes when you mean it`)
}

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
  if (!options.yes) checkKept(present, body)
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
    .option('--yes', 'also what is older than a shorter time is to go', false)
    .action(ending(set))
}
