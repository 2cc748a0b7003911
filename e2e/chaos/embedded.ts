import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startCutter, through } from '@warren/test-servers/cutter'
import { freePort } from '@warren/test-servers/free-port'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { connect } from 'amqplib'
import { canMount } from '../can-mount.ts'
import { createClient, eventually } from '../client.ts'
import { descendantsOf, stillRunning } from '../processes.ts'
import { makeSender } from '../publisher.ts'
import { startUp, type Up } from '../warren-command.ts'
import { readStored } from './counters.ts'
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

/** Ends the broker below `up`, which starts another one by itself; resolves when that one answers. */
async function endBroker(up: Up, brokerUrl: string, signal: NodeJS.Signals): Promise<void> {
  const node = descendantsOf(up.pid).find(({ name }) => name === 'beam.smp')
  if (node === undefined) throw new Error('no broker runs')
  process.kill(node.pid, signal)
  await eventually(async () => (stillRunning([node]).length === 0 ? true : undefined), 30_000)
  await eventually(async () => {
    const connection = await connect(brokerUrl)
    await connection.close()
    return true
  }, 60_000)
}

/** `warren up` with everything of its own; its stores on a small disk where mounting is allowed. */
export async function openEmbedded(): Promise<World> {
  const [dataDir, httpPort] = [await makeTempDir('chaos'), await freePort()]
  const disk = canMount() ? join(dataDir, 'stores') : undefined
  if (disk !== undefined) {
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512m', 'tmpfs', disk])
  }
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
  return {
    client,
    senderUrl: through(senderUrl, cutter),
    brokerUrl,
    cutters: [cutter],
    killPoller: async () => {
      process.kill(up.pid, 'SIGKILL')
      await up.ended
    },
    startPoller: async () => {
      up = await start()
    },
    killBroker: () => endBroker(up, brokerUrl, 'SIGKILL'),
    restartBroker: () => endBroker(up, brokerUrl, 'SIGTERM'),
    stored: (stream) => {
      const { adminPort } = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'))
      return readStored(adminPort, stream)
    },
    ...(disk === undefined ? {} : { disk }),
    close: async () => {
      up.interrupt()
      await up.ended
      await cutter.close()
      if (disk !== undefined) execFileSync('umount', [disk])
      await removeTempDir(dataDir)
    },
  }
}
