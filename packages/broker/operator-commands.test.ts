import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { commandsToGrant, commandsToMake, commandsToRemove } from './operator-commands.ts'
import { cloudifyUser, tapUser } from './users.ts'

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

it('says how to let Cloudify senders into a vhost of their own', () => {
  const options = { vhost: 'cloudify-acme', deployments: ["it's.a", 'b'] }
  const user = cloudifyUser({ name: 'cfy', password: 'never shown' }, options)
  const commands = [...commandsToGrant('warren', 'cloudify-acme'), ...commandsToMake(user)]
  expect(commands.join()).not.toContain('never shown')
  const exchanges = '^(cloudify-monitoring|cloudify-logs|cloudify-events|cloudify-events-topic)$'
  const at = ['-p', 'cloudify-acme']
  expect(commands.map(wordsOf)).toEqual([
    ['add_vhost', 'cloudify-acme'],
    ['set_permissions', ...at, 'warren', '.*', '.*', '.*'],
    ['add_user', 'cfy'],
    ['set_permissions', ...at, 'cfy', exchanges, exchanges, '^$'],
    ['set_topic_permissions', ...at, 'cfy', 'cloudify-monitoring', "^(it's\\.a|b)$", '^$'],
  ])
  expect(commandsToGrant('warren', '/')).toEqual([])
})
