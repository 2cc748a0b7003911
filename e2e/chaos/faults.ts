import { setTimeout as sleep } from 'node:timers/promises'
import { storageQueue, streams } from '@warren/contracts/topology'
import { type ChannelModel, connect } from 'amqplib'
import { eventually } from '../client.ts'
import type { Fault } from './fault.ts'
import type { Load } from './load.ts'
import { apiKilled } from './replay-faults.ts'
import { storeFaults } from './store-faults.ts'
import type { World } from './world.ts'

/** RabbitMQ closes a connection after two heartbeats (of 10 s) that it has missed: https://www.rabbitmq.com/docs/heartbeats */
const givenUpMs = 35_000

async function killPoller(world: World, load: Load): Promise<void> {
  await load.confirmed()
  await world.killPoller()
  await world.startPoller()
}

/** What is kept in them does not matter here. */
const queues = streams.map((stream) => storageQueue({ stream, shard: 0, maxBytes: 1 }).name)

async function deleteQueues(connection: ChannelModel): Promise<void> {
  const channel = await connection.createChannel()
  for (const queue of queues) await channel.deleteQueue(queue)
  await channel.close()
}

/** Each is there and consumed, thus bound. */
async function untilDeclared(connection: ChannelModel): Promise<void> {
  await eventually(async () => {
    const channel = await connection.createChannel()
    channel.on('error', () => undefined)
    const found = await Promise.all(queues.map((queue) => channel.checkQueue(queue)))
    await channel.close()
    return found.every(({ consumerCount }) => consumerCount > 0) ? true : undefined
  }, 60_000)
}

const nothing: Fault = {
  name: 'none',
  target: 'publisher',
  counts: 'equal',
  short: true,
  run: async () => sleep(2000),
}

const pollerKilled: Fault = {
  name: 'poller killed',
  target: 'poller',
  counts: 'nothing',
  short: true,
  run: killPoller,
}

const pollerKilledTen: Fault = {
  name: 'poller killed ten times in a row',
  target: 'poller',
  counts: 'nothing',
  short: false,
  run: async (world, load) => {
    for (let kill = 0; kill < 10; kill++) await killPoller(world, load)
  },
}

const twoPollers: Fault = {
  name: 'two pollers share the queues, one is killed',
  target: 'poller',
  counts: 'nothing',
  short: true,
  possible: ({ servers }) => servers !== undefined,
  run: async ({ servers }, load) => {
    const second = await servers?.startSecondPoller()
    await sleep(1500)
    await load.confirmed()
    await second?.kill()
  },
}

const brokerKilled: Fault = {
  name: 'RabbitMQ killed',
  target: 'broker',
  counts: 'at least',
  short: true,
  run: async (world, load) => {
    await load.confirmed()
    await world.killBroker()
  },
}

const brokerRestarted: Fault = {
  name: 'RabbitMQ restarted',
  target: 'broker',
  counts: 'at least',
  short: false,
  run: (world) => world.restartBroker(),
}

/** A queue takes what it holds with it, so publishers pause until it is empty, and it is deleted then. Whoever publishes before it is back gets its message returned and counts it as unconfirmed;
 *  but where another queue takes the same key (the analyzer's), RabbitMQ confirms and keeps it there only: in that shape publishers stay paused until the queue is back. */
const queuesDeleted: Fault = {
  name: 'storage queues deleted once empty',
  target: 'broker',
  counts: 'at least',
  short: true,
  run: async (world, load) => {
    await load.hold()
    await load.stored(world.client)
    const connection = await connect(world.brokerUrl)
    connection.on('error', () => undefined)
    try {
      await deleteQueues(connection)
      if (world.servers !== undefined) load.release()
      await untilDeclared(connection)
    } finally {
      load.release()
      await connection.close().catch(() => undefined)
    }
  },
}

const linesCut: Fault = {
  name: 'connections cut in mid-message, six times',
  target: 'publisher',
  counts: 'at least',
  short: true,
  run: async ({ cutters }) => {
    for (let cut = 0; cut < 6; cut++) {
      await sleep(500)
      for (const cutter of cutters) cutter.cut()
    }
  },
}

const repeated: Fault = {
  name: 'every message delivered twice, in other batches',
  target: 'publisher',
  counts: 'equal',
  short: true,
  run: async (_, load) => {
    await sleep(1500)
    await load.repeat()
  },
}

const late: Fault = {
  name: 'points five hours late',
  target: 'publisher',
  counts: 'equal',
  short: true,
  run: async (_, load) => {
    await sleep(1000)
    await load.addLate()
  },
}

const pollerStopped: Fault = {
  name: 'poller stopped (SIGSTOP) until the broker gives it up',
  target: 'poller',
  counts: 'at least',
  short: false,
  run: async (world) => {
    world.pausePoller('SIGSTOP')
    await sleep(givenUpMs)
    world.pausePoller('SIGCONT')
  },
}

const catalogKilled: Fault = {
  name: 'PostgreSQL killed',
  target: 'catalog',
  counts: 'equal',
  short: true,
  run: (world) => world.killCatalog(),
}

/** In the order in which they are tried one by one. */
export const faults: readonly Fault[] = [
  nothing,
  pollerKilled,
  twoPollers,
  pollerStopped,
  brokerKilled,
  brokerRestarted,
  queuesDeleted,
  linesCut,
  repeated,
  late,
  catalogKilled,
  apiKilled,
  ...storeFaults,
  pollerKilledTen,
]
