import {
  createdTokenSchema,
  maxTokenDays,
  newTokenSchema,
  type Token,
  tokenListSchema,
} from '@warren/contracts/http/tokens'
import { exitCodes } from '@warren/platform/exit-codes'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { createApiClient } from '../api/client.ts'
import { type ApiOptions, findApi, withApiOptions } from '../api/config.ts'
import { withDeployments } from '../deployment-option.ts'
import { ExitError } from '../exit-error.ts'
import { wholeNumber } from '../option-values.ts'
import { printList } from '../print-list.ts'
import { ending, print, toShown } from '../terminal.ts'

const path = '/api/v1/tokens'

interface TokenOptions extends ApiOptions {
  readonly tenant?: string
  readonly json: boolean
}

interface Wishes extends TokenOptions {
  readonly role: string
  readonly days: number
  readonly alerting: boolean
  readonly deployment: readonly string[]
}

const columns = 'id  role  kind  expires  last used  name  deployments'

/** One line: `columns`, the kind `alerting` or `-`. */
function lineOf(token: Token): string {
  const { id, role, isAlerting, expiresAt, lastUsedAt, name, deployments } = token
  const kind = isAlerting ? 'alerting' : '-'
  const grants = deployments === undefined ? [] : [`of ${deployments.map(toShown).join(', ')}`]
  return [id, role, kind, expiresAt, lastUsedAt ?? 'never', toShown(name), ...grants].join('  ')
}

/** Newest first. */
async function list(options: TokenOptions): Promise<number> {
  const api = createApiClient(findApi(options))
  await printList({
    ...{ columns, lineOf, json: options.json, none: 'no tokens' },
    readPage: (cursor) =>
      api.read(tokenListSchema, { path, query: { tenant: options.tenant, cursor, limit: 100 } }),
  })
  return exitCodes.ok
}

const roles = newTokenSchema.shape.role.options

function nameOf(text: string): string {
  if (newTokenSchema.shape.name.safeParse(text).success) return text
  throw new InvalidArgumentError('It has 1 to 128 characters.')
}

async function make(name: string, options: Wishes): Promise<number> {
  const { role, tenant, days, alerting, deployment } = options
  const wish = newTokenSchema.safeParse({
    ...{ name, role, isAlerting: alerting, expiresInDays: days },
    ...(tenant === undefined ? {} : { tenant }),
    ...(deployment.length === 0 ? {} : { deployments: deployment }),
  })
  if (!wish.success)
    throw new ExitError('usage', wish.error.issues.map(({ message }) => message).join('; '))
  const call = { method: 'POST', path, body: wish.data } as const
  const token = await createApiClient(findApi(options)).read(createdTokenSchema, call)
  print(options.json ? JSON.stringify(token) : token.secret)
  return exitCodes.ok
}

async function revoke(id: string, options: TokenOptions): Promise<number> {
  const call = { method: 'DELETE', path: `${path}/${encodeURIComponent(id)}` } as const
  await createApiClient(findApi(options)).send({ ...call, query: { tenant: options.tenant } })
  print(`${toShown(id)} revoked`)
  return exitCodes.ok
}

const withTokenOptions = (command: Command): Command =>
  withApiOptions(command).option('--tenant <tenant>', 'of another tenant (admins)')

/** `warren tokens list|create|revoke` */
export function addTokens(program: Command): void {
  const command = program.command('tokens').description('see, make and revoke tokens (managers)')
  withTokenOptions(command.command('list'))
    .description('newest first')
    .option('--json', 'one JSON object a line', false)
    .action(ending(list))
  const create = withTokenOptions(command.command('create'))
  withDeployments(create, 'of a viewer: reads this deployment only')
    .argument('<name>', 'what it is for', nameOf)
    .description('prints its secret, this once')
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).default('viewer'))
    .option('--days <days>', 'until it expires', wholeNumber(1, maxTokenDays), 365)
    .option('--alerting', 'for a program that evaluates alert rules', false)
    .option('--json', 'as one JSON object, the secret in it', false)
    .action(ending(make))
  withTokenOptions(command.command('revoke'))
    .argument('<id>', 'as the list names it')
    .description('it ends at once')
    .action(ending(revoke))
}
