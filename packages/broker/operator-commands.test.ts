import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { commandsToMake, commandsToRemove } from './operator-commands.ts'
import { tapUser } from './users.ts'

/** The words that a shell makes of a command. */
const wordsOf = (command: string): readonly string[] =>
  execFileSync('sh', ['-c', `rabbitmqctl() { printf '%s\\n' "$@"; }; ${command}`])
    .toString()
    .trimEnd()
    .split('\n')

it('says how to make a user that may read one queue, without its password', () => {
  const user = tapUser({ name: 'tap-acme-a', passwordHash: 'hash' }, 'tap.acme.a')
  const commands = commandsToMake({ ...user, vhost: "it's" })
  expect(commands.map(wordsOf)).toEqual([
    ['add_user', 'tap-acme-a'],
    ['set_permissions', '-p', "it's", 'tap-acme-a', '^$', '^$', String.raw`^tap\.acme\.a$`],
    ['set_user_limits', 'tap-acme-a', '{"max-connections":4,"max-channels":16}'],
  ])
  expect(commandsToRemove('tap-acme-a').map(wordsOf)).toEqual([['delete_user', 'tap-acme-a']])
})
