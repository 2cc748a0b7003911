import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import { toDefinitions, type VhostSpec } from '../definitions.ts'
import type { BrokerUser } from '../users.ts'

const controlProgram = '/usr/lib/rabbitmq/bin/rabbitmqctl'
const timeoutMs = 30_000
const run = promisify(execFile)

/** Changes a running node without the management plugin, which would cost 60 MB: an Erlang command for each change. */
export function createNodeControl(environment: Readonly<Record<string, string>>) {
  const control = async (...args: readonly string[]) => {
    const env = {
      ...environment,
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    }
    try {
      await run(controlProgram, [...args], { env, timeout: timeoutMs })
    } catch (cause) {
      throw new WarrenError(`rabbitmqctl ${args[0]} failed: ${reasonOf(cause).slice(0, 300)}`, {
        code: 'broker_control',
        disposition: 'retry',
        cause,
      })
    }
  }

  return {
    putUsers: async (
      users: readonly BrokerUser[],
      vhosts: readonly VhostSpec[] = [],
    ): Promise<void> => {
      const folder = await mkdtemp(join(tmpdir(), 'warren-users-'))
      try {
        const file = join(folder, 'definitions.json')
        const definitions = toDefinitions({ users, exchanges: [], queues: [], vhosts })
        await writeFile(file, JSON.stringify(definitions), { mode: 0o600 })
        await control('import_definitions', file)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
    /** One that is absent is fine. */
    removeUser: async (name: string): Promise<void> => {
      try {
        await control('delete_user', name)
      } catch (error) {
        if (!/User "[^"]*" does not exist/.test(reasonOf((error as Error).cause))) throw error
      }
    },
  }
}
