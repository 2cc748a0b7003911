import { createHash, randomBytes } from 'node:crypto'
import { anyDeployment, cloudifyExchanges } from '@warren/contracts/cloudify'
import { exchanges } from '@warren/contracts/topology'

/** A user of the broker with its rights in one vhost, as RabbitMQ's permission expressions have them. */
export interface BrokerUser {
  readonly name: string
  /** `/` unless said. */
  readonly vhost?: string | undefined
  /** `rabbit_password_hashing_sha256`, base64. */
  readonly passwordHash: string
  readonly configure: string
  readonly write: string
  readonly read: string
  /** Which routing keys it may publish, an expression for each exchange. */
  readonly topics: readonly { readonly exchange: string; readonly write: string }[]
  /** https://www.rabbitmq.com/docs/user-limits */
  readonly limits?:
    | { readonly 'max-connections': number; readonly 'max-channels': number }
    | undefined
}

export interface Credential {
  readonly name: string
  readonly password: string
}

/** RabbitMQ's salted hash: base64(salt ‖ SHA-256(salt ‖ password)), 4 bytes of salt (https://www.rabbitmq.com/docs/passwords). */
export function hashPassword(password: string, salt: Buffer = randomBytes(4)): string {
  const digest = createHash('sha256').update(salt).update(password, 'utf8').digest()
  return Buffer.concat([salt, digest]).toString('base64')
}

/** 32 characters that need no escape in a URL. */
export const newPassword = (): string => randomBytes(24).toString('base64url')

const everything = '.*'
const nothing = '^$'

/** The user of Warren's own services. */
export const internalUser = ({ name, password }: Credential): BrokerUser => ({
  name,
  passwordHash: hashPassword(password),
  configure: everything,
  write: everything,
  read: everything,
  topics: [],
})

/** Names of users that senders have. A tenant's name has no hyphen, so what begins alike is one tenant's. */
export const senderUserName = {
  amqp: (tenant: string, name: string): string => `sender-${tenant}-${name}`,
  cloudify: (tenant: string, name: string): string => `cloudify-${tenant}-${name}`,
} as const

const senderExchanges = [exchanges.metrics, exchanges.logs]
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** A user that may publish metrics and logs of one tenant, and nothing else: no read, no configure, no other key. */
export const senderUser = ({ name, password }: Credential, tenant: string): BrokerUser => ({
  name,
  passwordHash: hashPassword(password),
  configure: nothing,
  write: `^(${senderExchanges.map(escaped).join('|')})$`,
  read: nothing,
  topics: senderExchanges.map((exchange) => ({
    exchange,
    write: `^${escaped(tenant)}\\..*$`,
  })),
})

/** A user of one vhost that may do what Cloudify's agents do: declare and publish to Cloudify's exchanges. Metrics only of these deployments, which are their routing keys; `*` is any. */
export function cloudifyUser(
  { name, password }: Credential,
  { vhost, deployments }: { readonly vhost: string; readonly deployments: readonly string[] },
): BrokerUser {
  const own = `^(${cloudifyExchanges.map((exchange) => escaped(exchange.name)).join('|')})$`
  const keys = `^(${deployments.map(escaped).join('|')})$`
  return {
    name,
    vhost,
    passwordHash: hashPassword(password),
    configure: own,
    write: own,
    read: nothing,
    topics: deployments.includes(anyDeployment)
      ? []
      : [{ exchange: 'cloudify-monitoring', write: keys }],
  }
}

/** A user that may read one queue and nothing else: no configure, no write, no bind. */
export const tapUser = (
  { name, passwordHash }: Pick<BrokerUser, 'name' | 'passwordHash'>,
  queue: string,
): BrokerUser => ({
  name,
  passwordHash,
  configure: nothing,
  write: nothing,
  read: `^${escaped(queue)}$`,
  topics: [],
  limits: { 'max-connections': 4, 'max-channels': 16 },
})
