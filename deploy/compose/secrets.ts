import { randomBytes } from 'node:crypto'
import { toDefinitions } from '@warren/broker/definitions'
import { internalUser, newPassword, senderUser } from '@warren/broker/users'
import { defaultTenant } from '@warren/contracts/names'
import { storageTopology } from '@warren/contracts/shards'
import { deadLetterQueue, defaultQueueBytes, warrenExchanges } from '@warren/contracts/topology'

/** A file for one kind of container: its folder is a volume that no other kind mounts. */
export interface SecretFile {
  /** `<volume>/<file>` */
  readonly path: string
  readonly text: string
  /** The user that reads it in that container. */
  readonly uid: number
}

/** Users of our image and of the upstream ones (their Dockerfiles); InfluxDB's runs as root. */
export const uids = {
  warren: 10_001,
  rabbitmq: 999,
  influxdb: 0,
  elasticsearch: 1000,
  postgres: 999,
  grafana: 472,
} as const
type Volume = keyof typeof uids

/** RabbitMQ 4 has other defaults for some of these than 3; with definitions to load it makes no user guest. */
const rabbitmqConf = `listeners.tcp.default = 5672
load_definitions = /run/warren/definitions.json
max_message_size = ${16 * 1024 ** 2}
vm_memory_high_watermark.relative = 0.4
disk_free_limit.absolute = 1GB
`

const rabbitmqFiles = (users: Parameters<typeof toDefinitions>[0]['users']) => ({
  'rabbitmq.conf': rabbitmqConf,
  'definitions.json': JSON.stringify(
    toDefinitions({
      users,
      exchanges: warrenExchanges,
      queues: [
        ...storageTopology({ shards: 1, maxBytes: defaultQueueBytes }).queues,
        deadLetterQueue,
      ],
    }),
  ),
})

interface User {
  readonly name: string
  readonly password: string
}

const amqpUrl = ({ name, password }: User): string => `amqp://${name}:${password}@rabbitmq:5672`

/** Every credential of a composed installation, new at each call: nothing has a default. */
export function makeSecrets(): SecretFile[] {
  const services = { name: 'warren', password: newPassword() }
  const agent = { name: `agent-${defaultTenant}`, password: newPassword() }
  const influxdb = newPassword()
  const elasticsearch = newPassword()
  const postgres = newPassword()
  const grafanaToken = `wrn_${randomBytes(32).toString('base64url')}`
  const volumes: Readonly<Record<Volume, Readonly<Record<string, string>>>> = {
    rabbitmq: rabbitmqFiles([internalUser(services), senderUser(agent, defaultTenant)]),
    influxdb: { password: influxdb },
    elasticsearch: { password: elasticsearch },
    postgres: { password: postgres },
    grafana: { 'admin-password': newPassword(), 'grafana-token': grafanaToken },
    warren: {
      'amqp-url': amqpUrl(services),
      'agent-amqp-url': amqpUrl(agent),
      'catalog-url': `postgres://warren:${postgres}@postgres:5432/warren`,
      'influxdb-password': influxdb,
      'elasticsearch-password': elasticsearch,
      'admin-password': newPassword(),
      'grafana-token': grafanaToken,
    },
  }
  return Object.entries(volumes).flatMap(([volume, files]) =>
    Object.entries(files).map(([file, text]) => ({
      path: `${volume}/${file}`,
      text,
      uid: uids[volume as Volume],
    })),
  )
}
