import { tenantBodySchema, tenantListSchema } from '@warren/contracts/http/tenants'
import { exitCodes } from '@warren/platform/exit-codes'
import type { Command } from 'commander'
import { createApiClient } from '../api/client.ts'
import { type ApiOptions, findApi, withApiOptions } from '../api/config.ts'
import { ending, print } from '../terminal.ts'

const path = '/api/v1/tenants'

async function list(options: ApiOptions): Promise<number> {
  const { items } = await createApiClient(findApi(options)).read(tenantListSchema, { path })
  for (const { name } of items) print(name)
  return exitCodes.ok
}

async function create(name: string, options: ApiOptions): Promise<number> {
  const call = { method: 'POST', path, body: { name } } as const
  await createApiClient(findApi(options)).read(tenantBodySchema, call)
  print(`${name} made`)
  return exitCodes.ok
}

/** `warren tenants list|create` */
export function addTenants(program: Command): void {
  const command = program.command('tenants').description('see and make tenants (admins)')
  withApiOptions(command.command('list')).description('by name').action(ending(list))
  withApiOptions(command.command('create'))
    .argument('<name>', 'a lower-case letter, then letters, digits or _; at most 32')
    .description('its data are apart from those of all others')
    .action(ending(create))
}
