import type { BrokerUser } from './users.ts'

/** A word of a POSIX shell's command line. */
const quoted = (text: string): string =>
  /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

const command = (...words: readonly string[]): string =>
  ['rabbitmqctl', ...words.map(quoted)].join(' ')

/** What whoever runs the broker types to make a user: over AMQP nobody can. `add_user` asks for the password, so that it is in no process list. */
export function commandsToMake(user: BrokerUser): readonly string[] {
  const { name, vhost = '/', configure, write, read, topics, limits } = user
  return [
    command('add_user', name),
    command('set_permissions', '-p', vhost, name, configure, write, read),
    ...topics.map((topic) =>
      command('set_topic_permissions', '-p', vhost, name, topic.exchange, topic.write, '^$'),
    ),
    ...(limits === undefined ? [] : [command('set_user_limits', name, JSON.stringify(limits))]),
  ]
}

/** Lets Warren's own user work in a vhost, which `/` is already for. */
export const commandsToGrant = (user: string, vhost: string): readonly string[] =>
  vhost === '/'
    ? []
    : [command('add_vhost', vhost), command('set_permissions', '-p', vhost, user, '.*', '.*', '.*')]

export const commandsToRemove = (name: string): readonly string[] => [command('delete_user', name)]
