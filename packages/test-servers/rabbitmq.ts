import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toDefinitions } from '@warren/broker/definitions'
import { type PrivateNode, startPrivateNode } from '@warren/broker/private-node'
import { type BrokerUser, internalUser, senderUser } from '@warren/broker/users'
import { storageTopology } from '@warren/contracts/shards'
import { deadLetterQueue, warrenExchanges } from '@warren/contracts/topology'
import { silentLog } from '@warren/platform/log.testing'
import { freePort } from './free-port.ts'

export interface TestRabbitmq {
  /** With the credential of Warren's own services. */
  readonly url: string
  /** With the credential of an agent of tenant `default`. */
  readonly agentUrl: string
  readonly amqpPort: number
  /** Of the present node. */
  readonly pid: number
  /** Stops the node in order and starts it again on the same folder and port. */
  restart(): Promise<void>
  /** kill -9; `start` brings it back. */
  kill(): Promise<void>
  start(): Promise<void>
  putUsers(users: readonly BrokerUser[]): Promise<void>
  removeUser(name: string): Promise<void>
  close(): Promise<void>
}

export interface TestRabbitmqOptions {
  /** Of the storage queues; 1 GiB unless said. */
  readonly maxQueueBytes?: number
  /** False leaves Warren's queues to whoever declares them. */
  readonly queues?: boolean
  /** Of RabbitMQ; those of every private node unless said. */
  readonly plugins?: readonly string[]
  /** Milliseconds after which the broker takes a delivery away from a consumer; 30 minutes unless said. */
  readonly consumerTimeoutMs?: number
}

/** A private node with a folder of its own, Warren's exchanges and queues, and the users `warren` and `agent`. */
export async function startRabbitmq({
  maxQueueBytes = 1024 ** 3,
  queues = true,
  ...more
}: TestRabbitmqOptions = {}): Promise<TestRabbitmq> {
  const dataDir = await mkdtemp(join(tmpdir(), 'warren-rabbitmq-'))
  const amqpPort = await freePort()
  const storage = storageTopology({ shards: 1, maxBytes: maxQueueBytes })
  const definitions = toDefinitions({
    users: [
      internalUser({ name: 'warren', password: 'warren' }),
      senderUser({ name: 'agent', password: 'agent' }, 'default'),
    ],
    exchanges: warrenExchanges,
    queues: queues ? [...storage.queues, deadLetterQueue] : [],
  })
  const open = () => startPrivateNode({ dataDir, amqpPort, definitions, log: silentLog(), ...more })
  let node: PrivateNode = await open()
  return {
    url: `amqp://warren:warren@127.0.0.1:${amqpPort}`,
    agentUrl: `amqp://agent:agent@127.0.0.1:${amqpPort}`,
    amqpPort,
    get pid() {
      return node.pid
    },
    restart: async () => {
      await node.close()
      node = await open()
    },
    kill: async () => {
      process.kill(node.pid, 'SIGKILL')
      await node.closed
    },
    start: async () => {
      await node.close()
      node = await open()
    },
    putUsers: (users) => node.putUsers(users),
    removeUser: (name) => node.removeUser(name),
    close: async () => {
      await node.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
