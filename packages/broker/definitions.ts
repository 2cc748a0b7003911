import type { ExchangeSpec, QueueSpec } from '@warren/contracts/topology'
import type { BrokerUser } from './users.ts'

export interface DefinitionsOptions {
  readonly users: readonly BrokerUser[]
  readonly exchanges: readonly ExchangeSpec[]
  readonly queues: readonly QueueSpec[]
}

const vhost = '/'

const permissionsOf = ({ name, configure, write, read }: BrokerUser) => ({
  user: name,
  vhost,
  configure,
  write,
  read,
})

const topicPermissionsOf = ({ name, topics }: BrokerUser) =>
  topics.map(({ exchange, write }) => ({ user: name, vhost, exchange, write, read: '^$' }))

/** The object of RabbitMQ's definitions file (https://www.rabbitmq.com/docs/definitions): vhost `/`, no guest, no policies. */
export const toDefinitions = ({ users, exchanges, queues }: DefinitionsOptions) => ({
  users: users.map(({ name, passwordHash }) => ({
    name,
    password_hash: passwordHash,
    hashing_algorithm: 'rabbit_password_hashing_sha256',
    tags: '',
  })),
  vhosts: [{ name: vhost }],
  permissions: users.map(permissionsOf),
  topic_permissions: users.flatMap(topicPermissionsOf),
  exchanges: exchanges.map(({ name, type, durable, autoDelete }) => ({
    name,
    vhost,
    type,
    durable,
    auto_delete: autoDelete,
    internal: false,
    arguments: {},
  })),
  queues: queues.map(({ name, durable, autoDelete, arguments: args }) => ({
    name,
    vhost,
    durable,
    auto_delete: autoDelete,
    arguments: args,
  })),
  bindings: queues.flatMap(({ name, bindings }) =>
    bindings.map(({ exchange, key }) => ({
      source: exchange,
      vhost,
      destination: name,
      destination_type: 'queue',
      routing_key: key,
      arguments: {},
    })),
  ),
})

export type Definitions = ReturnType<typeof toDefinitions>
