import { type BrokerSender, senderListSchema } from '@warren/contracts/http/senders'
import { exitCodes } from '@warren/platform/exit-codes'
import type { Command } from 'commander'
import { createApiClient } from '../api/client.ts'
import { type ApiOptions, findApi, withApiOptions } from '../api/config.ts'
import { printList } from '../print-list.ts'
import { ending, print, toShown } from '../terminal.ts'

const path = '/api/v1/senders'

interface SenderOptions extends ApiOptions {
  readonly tenant?: string
}

interface ListWishes extends SenderOptions {
  readonly json: boolean
}

const columns = 'kind  user'

const lineOf = ({ kind, user }: BrokerSender): string => `${kind}  ${toShown(user)}`

async function list(options: ListWishes): Promise<number> {
  const api = createApiClient(findApi(options))
  const query = { tenant: options.tenant }
  await printList({
    ...{ columns, lineOf, json: options.json, none: 'no senders have broker users' },
    readPage: async () => ({
      ...(await api.read(senderListSchema, { path, query })),
      nextCursor: null,
    }),
  })
  return exitCodes.ok
}

async function revoke(user: string, options: SenderOptions): Promise<number> {
  const call = { method: 'DELETE', path: `${path}/${encodeURIComponent(user)}` } as const
  await createApiClient(findApi(options)).send({ ...call, query: { tenant: options.tenant } })
  print(`${toShown(user)} revoked`)
  return exitCodes.ok
}

const withSenderOptions = (command: Command): Command =>
  withApiOptions(command).option('--tenant <tenant>', 'of another tenant (admins)')

/** `warren senders list|revoke` */
export function addSenders(program: Command): void {
  const command = program
    .command('senders')
    .description('see and revoke users of the broker; senders over HTTP have tokens (managers)')
  withSenderOptions(command.command('list'))
    .description('by name: agents and others that send over AMQP, and Cloudify’s agents')
    .option('--json', 'one JSON object a line', false)
    .action(ending(list))
  withSenderOptions(command.command('revoke'))
    .argument('<user>', 'as the list names it')
    .description('its connections are closed, and it is refused from now on')
    .action(ending(revoke))
}
