import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@warren/test-servers/free-port'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import { type Client, createClient } from './client.ts'
import { type Stores, startStores } from './shape.ts'

const root = join(import.meta.dirname, '..')
const password = 'e2e-password-of-the-admin'

export interface Platform {
  readonly url: string
  readonly password: string
  readonly dataDir: string
  readonly client: Client
  /** The servers outside; none in the embedded shape. */
  readonly stores: Stores
  /** Of the process that runs every service. */
  pid(): number
  /** What `npm start` has printed so far. */
  output(): string
  /** kill -9 of the process that runs every service; resolves when `npm start` has noticed. */
  kill(): Promise<void>
  /** `npm start` again on the same folder; resolves when it is ready. */
  start(): Promise<void>
  close(): Promise<void>
}

export interface PlatformOptions {
  /** Further `WARREN_…` variables. */
  readonly env?: Readonly<Record<string, string>>
}

interface Running {
  child: ChildProcess
  output: string
}

function launch(env: NodeJS.ProcessEnv): Running {
  const child = spawn('npm', ['start', '--silent', '--', '--yes'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const running: Running = { child, output: '' }
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => {
      running.output = (running.output + bytes.toString()).slice(-200_000)
    })
  return running
}

async function untilReady(running: Running, url: string): Promise<void> {
  const deadline = Date.now() + 120_000
  for (;;) {
    if (running.child.exitCode !== null || running.child.signalCode !== null)
      throw new Error(`npm start ended with ${running.child.exitCode}:\n${running.output}`)
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) return
    if (Date.now() > deadline) throw new Error(`not ready after 120 s:\n${running.output}`)
    await sleep(100)
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const exit = once(child, 'exit')
  // The whole group, as Ctrl-C on a terminal.
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
  await exit
}

/** `npm start` on a folder of its own, in the shape that WARREN_TEST_SHAPE names. */
export async function startPlatform({ env = {} }: PlatformOptions = {}): Promise<Platform> {
  const [httpPort, dataDir, stores] = [
    await freePort(),
    await makeTempDir('e2e'),
    await startStores(),
  ]
  const url = `http://127.0.0.1:${httpPort}`
  const all = {
    ...process.env,
    ...stores.env,
    WARREN_HTTP_PORT: String(httpPort),
    WARREN_DATA_DIR: dataDir,
    WARREN_ADMIN_PASSWORD: password,
    ...env,
  }
  let running = launch(all)
  const pid = (): number => JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')).pid
  const platform: Platform = {
    url,
    password,
    dataDir,
    stores,
    client: createClient(url, password),
    pid,
    output: () => running.output,
    async kill() {
      const exit = once(running.child, 'exit')
      process.kill(pid(), 'SIGKILL')
      await exit
    },
    async start() {
      running = launch(all)
      await untilReady(running, url)
    },
    async close() {
      await end(running.child)
      await stores.close()
      await removeTempDir(dataDir)
    },
  }
  try {
    await untilReady(running, url)
    return platform
  } catch (error) {
    await platform.close()
    throw error
  }
}
