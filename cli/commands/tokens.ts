import {
  createdTokenSchema,
  newTokenSchema,
  type Token,
  tokenListSchema,
} from '@warren/contracts/http/tokens'
import { exitCodes } from '@warren/platform/exit-codes'
import type { Command } from 'commander'
import { createApiClient } from '../api/client.ts'
import { type ApiOptions, findApi, withApiOptions } from '../api/config.ts'
import { withDeployments } from '../deployment-option.ts'
import { ExitError } from '../exit-error.ts'
import { ending, print, toShown } from '../terminal.ts'

const path = '/api/v1/tokens'

interface TokenOptions extends ApiOptions {
  readonly tenant?: string
  readonly json: boolean
}

interface Wishes extends TokenOptions {
  readonly role: string
  readonly days: string
  readonly alerting: boolean
  readonly deployment: readonly string[]
}

/** One line: id, role, `alerting` or `-`, when it expires, when it was last used, name, and the deployments that it is limited to. */
function lineOf(token: Token): string {
  const { id, role, isAlerting, expiresAt, lastUsedAt, name, deployments } = token
  const kind = isAlerting ? 'alerting' : '-'
  const grants = deployments === undefined ? [] : [`of ${deployments.map(toShown).join(', ')}`]
  return [id, role, kind, expiresAt, lastUsedAt ?? 'never', toShown(name), ...grants].join('  ')
}

/** Page after page, newest first. */
async function list(options: TokenOptions): Promise<number> {
  const api = createApiClient(findApi(options))
  let cursor: string | undefined
  do {
    const query = { tenant: options.tenant, cursor, limit: 100 }
    const { items, nextCursor } = await api.read(tokenListSchema, { path, query })
    for (const token of items) print(options.json ? JSON.stringify(token) : lineOf(token))
    cursor = nextCursor ?? undefined
  } while (cursor !== undefined)
  return exitCodes.ok
}

async function make(name: string, options: Wishes): Promise<number> {
  const { role, tenant, days, alerting, deployment } = options
  const wish = newTokenSchema.safeParse({
    ...{ name, role, isAlerting: alerting, expiresInDays: Number(days) },
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
    .argument('<name>', 'what it is for')
    .description('prints its secret, this once')
    .option('--role <role>', 'viewer, writer, operator, editor or manager', 'viewer')
    .option('--days <days>', 'until it expires', '365')
    .option('--alerting', 'for a program that evaluates alert rules', false)
    .option('--json', 'as one JSON object, the secret in it', false)
    .action(ending(make))
  withTokenOptions(command.command('revoke'))
    .argument('<id>', 'as the list names it')
    .description('it ends at once')
    .action(ending(revoke))
}
