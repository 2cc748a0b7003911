import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startCutter, through } from '@warren/test-servers/cutter'
import { freePort } from '@warren/test-servers/free-port'
import { canMount, mountSmallDisk } from '@warren/test-servers/small-disk'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { connect } from 'amqplib'
import { createClient, eventually } from '../client.ts'
import { descendantsOf, stillRunning } from '../processes.ts'
import { makeSender } from '../publisher.ts'
import { startUp, type Up } from '../warren-command.ts'
import { readCounters } from './counters.ts'
import type { World } from './world.ts'

const password = 'chaos-password-of-the-admin'

interface Users {
  readonly internal: { readonly name: string; readonly password: string }
}

function brokerUrlOf(dataDir: string, senderUrl: string): string {
  const users = JSON.parse(readFileSync(join(dataDir, 'broker', 'users.json'), 'utf8')) as Users
  const url = new URL(senderUrl)
  url.username = encodeURIComponent(users.internal.name)
  url.password = encodeURIComponent(users.internal.password)
  return url.href
}

/** Ends a server below `up`, which starts another one by itself. */
async function endServer(up: Up, program: string, signal: NodeJS.Signals): Promise<void> {
  const server = descendantsOf(up.pid).find(({ name }) => name === program)
  if (server === undefined) throw new Error(`no ${program} runs`)
  process.kill(server.pid, signal)
  await eventually(async () => (stillRunning([server]).length === 0 ? true : undefined), 30_000)
}

/** Resolves when another one answers. */
async function endBroker(up: Up, brokerUrl: string, signal: NodeJS.Signals): Promise<void> {
  await endServer(up, 'beam.smp', signal)
  await eventually(async () => {
    const connection = await connect(brokerUrl)
    await connection.close()
    return true
  }, 120_000)
}

/** `warren up` with everything of its own; its stores on a small disk where mounting is allowed. */
export async function openEmbedded(): Promise<World> {
  const [dataDir, httpPort] = [await makeTempDir('chaos'), await freePort()]
  const stores = join(dataDir, 'stores')
  mkdirSync(stores)
  const unmount = canMount() ? mountSmallDisk(stores, 512) : undefined
  const start = () =>
    startUp(dataDir, {
      WARREN_HTTP_PORT: String(httpPort),
      WARREN_ADMIN_PASSWORD: password,
      // Its points would be counted too.
      WARREN_AGENT__ENABLED: 'false',
    })
  let up = await start()
  const client = createClient(up.url, password)
  const senderUrl = await makeSender(client, 'chaos')
  const cutter = await startCutter(Number(new URL(senderUrl).port))
  const brokerUrl = brokerUrlOf(dataDir, senderUrl)
  const kill = async () => {
    process.kill(up.pid, 'SIGKILL')
    await up.ended
  }
  const startAgain = async () => {
    up = await start()
  }
  return {
    client,
    senderUrl: through(senderUrl, cutter),
    brokerUrl,
    cutters: [cutter],
    killPoller: kill,
    startPoller: startAgain,
    killApi: async () => {
      await kill()
      await startAgain()
    },
    pausePoller: (signal) => void process.kill(up.pid, signal),
    killBroker: () => endBroker(up, brokerUrl, 'SIGKILL'),
    restartBroker: () => endBroker(up, brokerUrl, 'SIGTERM'),
    killCatalog: async () => {
      await endServer(up, 'postgres', 'SIGKILL')
      // They are kept in the catalog.
      await eventually(() => client.get('/api/v1/dead-letters?limit=1'), 120_000)
    },
    counters: async () => {
      const { adminPort } = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'))
      return readCounters(adminPort)
    },
    disks: unmount === undefined ? [] : [stores],
    close: async () => {
      up.interrupt()
      await up.ended
      await cutter.close()
      unmount?.()
      await removeTempDir(dataDir)
    },
  }
}
