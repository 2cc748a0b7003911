import { rmSync, statfsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ChannelModel, connect } from 'amqplib'
import { eventually } from '../client.ts'
import type { Fault } from './fault.ts'
import { storeFaults } from './store-faults.ts'
import type { World } from './world.ts'

async function killPoller(world: World): Promise<void> {
  await world.killPoller()
  await world.startPoller()
}

const queues = ['poller.metrics.0', 'poller.logs.0']

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

/** Takes every block that is left, for as long as said. */
async function fillDisk(folder: string, ms: number): Promise<void> {
  const ballast = join(folder, 'ballast')
  const file = await open(ballast, 'a')
  const block = Buffer.alloc(1024 * 1024, 1)
  for (const until = Date.now() + ms; Date.now() < until; ) {
    const { bavail, bsize } = statfsSync(folder)
    const free = Math.min(block.length, bavail * bsize)
    if (free === 0) await sleep(50)
    else await file.write(block, 0, free).catch(() => sleep(50))
  }
  await file.close()
  rmSync(ballast)
}

const nothing: Fault = {
  name: 'none',
  target: 'publisher',
  countsExactly: true,
  run: async () => sleep(2000),
}

const pollerKilled: Fault = {
  name: 'poller killed',
  target: 'poller',
  countsExactly: false,
  run: killPoller,
}

const pollerKilledTen: Fault = {
  name: 'poller killed ten times in a row',
  target: 'poller',
  countsExactly: false,
  run: async (world) => {
    for (let kill = 0; kill < 10; kill++) await killPoller(world)
  },
}

const twoPollers: Fault = {
  name: 'two pollers share the queues, one is killed',
  target: 'poller',
  countsExactly: false,
  possible: ({ servers }) => servers !== undefined,
  run: async ({ servers }) => {
    const second = await servers?.startSecondPoller()
    await sleep(1500)
    await second?.kill()
  },
}

const brokerKilled: Fault = {
  name: 'RabbitMQ killed',
  target: 'broker',
  countsExactly: false,
  run: (world) => world.killBroker(),
}

const brokerRestarted: Fault = {
  name: 'RabbitMQ restarted',
  target: 'broker',
  countsExactly: false,
  run: (world) => world.restartBroker(),
}

/** A queue takes what it holds with it, so publishers pause until it is empty, and it is deleted then. Whoever publishes before it is back gets its message returned and counts it as unconfirmed;
 *  but where another queue takes the same key (the analyzer's), RabbitMQ confirms and keeps it there only: in that shape publishers stay paused until the queue is back. */
const queuesDeleted: Fault = {
  name: 'storage queues deleted once empty',
  target: 'broker',
  countsExactly: true,
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
  countsExactly: false,
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
  countsExactly: true,
  run: async (_, load) => {
    await sleep(1500)
    await load.repeat()
  },
}

const late: Fault = {
  name: 'points five hours late',
  target: 'publisher',
  countsExactly: true,
  run: async (_, load) => {
    await sleep(1000)
    await load.addLate()
  },
}

const refused: Fault = {
  name: 'items that no store takes, among good ones',
  target: 'publisher',
  countsExactly: true,
  run: async (_, load) => {
    await sleep(500)
    await load.addRefused()
  },
}

const diskFull: Fault = {
  name: 'disk of the stores full',
  target: 'stores',
  countsExactly: true,
  possible: ({ disk }) => disk !== undefined,
  run: async ({ disk }) => {
    if (disk !== undefined) await fillDisk(disk, 8000)
  },
}

/** In the order in which they are tried one by one. */
export const faults: readonly Fault[] = [
  nothing,
  pollerKilled,
  twoPollers,
  brokerKilled,
  brokerRestarted,
  queuesDeleted,
  linesCut,
  repeated,
  late,
  refused,
  ...storeFaults,
  diskFull,
  pollerKilledTen,
]

const notInShort = new Set([
  pollerKilledTen.name,
  brokerRestarted.name,
  'stores 2 s late',
  'stores answer 503',
  'stores cut the connection before they read',
  'InfluxDB and Elasticsearch stopped (SIGSTOP)',
])

/** Those of the short form. */
export const shortFaults = faults.filter(({ name }) => !notInShort.has(name))
