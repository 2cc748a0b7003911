import type { ExchangeSpec, QueueSpec } from '@warren/contracts/topology'
import type { BrokerUser } from './users.ts'

export interface DefinitionsOptions {
  readonly users: readonly BrokerUser[]
  readonly exchanges: readonly ExchangeSpec[]
  readonly queues: readonly QueueSpec[]
  /** Exchanges of other vhosts. */
  readonly vhosts?: readonly VhostSpec[]
}

export interface VhostSpec {
  readonly name: string
  readonly exchanges: readonly ExchangeSpec[]
}

const vhost = '/'
const vhostOf = (user: BrokerUser): string => user.vhost ?? vhost

const permissionsOf = (user: BrokerUser) => {
  const { name, configure, write, read } = user
  return { user: name, vhost: vhostOf(user), configure, write, read }
}

const topicPermissionsOf = (user: BrokerUser) =>
  user.topics.map(({ exchange, write }) => ({
    user: user.name,
    vhost: vhostOf(user),
    exchange,
    write,
    read: '^$',
  }))

const exchangesOf = ({ name: vhostName, exchanges }: VhostSpec) =>
  exchanges.map(({ name, type, durable, autoDelete, arguments: args = {} }) => ({
    name,
    vhost: vhostName,
    type,
    durable,
    auto_delete: autoDelete,
    internal: false,
    arguments: args,
  }))

const bindingsOf = (
  { name, bindings = [] }: Pick<ExchangeSpec, 'name' | 'bindings'>,
  kind: 'queue' | 'exchange',
) =>
  bindings.map(({ exchange, key }) => ({
    source: exchange,
    vhost,
    destination: name,
    destination_type: kind,
    routing_key: key,
    arguments: {},
  }))

/** The object of RabbitMQ's definitions file (https://www.rabbitmq.com/docs/definitions): everything in vhost `/` but what names another, no guest, no policies. */
export const toDefinitions = ({ users, exchanges, queues, vhosts = [] }: DefinitionsOptions) => ({
  // A user with rights in several vhosts is listed once for each.
  users: [...new Map(users.map((user) => [user.name, user])).values()].map(
    ({ name, passwordHash, limits }) => ({
      name,
      password_hash: passwordHash,
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: '',
      ...(limits === undefined ? {} : { limits }),
    }),
  ),
  vhosts: [...new Set([vhost, ...users.map(vhostOf), ...vhosts.map(({ name }) => name)])].map(
    (name) => ({ name }),
  ),
  permissions: users.map(permissionsOf),
  topic_permissions: users.flatMap(topicPermissionsOf),
  exchanges: [{ name: vhost, exchanges }, ...vhosts].flatMap(exchangesOf),
  queues: queues.map(({ name, durable, autoDelete, arguments: args }) => ({
    name,
    vhost,
    durable,
    auto_delete: autoDelete,
    arguments: args,
  })),
  bindings: [
    ...exchanges.flatMap((exchange) => bindingsOf(exchange, 'exchange')),
    ...queues.flatMap((queue) => bindingsOf(queue, 'queue')),
  ],
})

export type Definitions = ReturnType<typeof toDefinitions>
