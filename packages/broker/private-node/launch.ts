import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { folderFailure, startFailure } from './failures.ts'
import { accepts } from './ports.ts'
import { supervisorScript } from './supervisor.ts'

export interface Prepared {
  /** Where the node will listen. */
  readonly port: number
  readonly environment: Readonly<Record<string, string>>
}

export interface LaunchOptions {
  readonly dataDir: string
  readonly program: string
  readonly lockWaitMs: number
  /** Called once the folder is ours. */
  readonly prepare: () => Promise<Prepared>
}

export interface Launched {
  /** Of the Erlang node. */
  readonly pid: number
  readonly port: number
  readonly environment: Readonly<Record<string, string>>
  readonly closed: Promise<void>
  close(): Promise<void>
}

const startMs = 60_000
const stopMs = 30_000

const shellLine = ([name, value]: readonly [string, string]): string =>
  `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`

function startSupervisor({ dataDir, program, lockWaitMs }: LaunchOptions): ChildProcess {
  return spawn('/bin/sh', ['-c', supervisorScript], {
    cwd: dataDir,
    stdio: ['pipe', 'pipe', 'ignore'],
    // Ctrl-C on a terminal reaches us alone; we stop the node in order.
    detached: true,
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      WARREN_LOCK: join(dataDir, 'lock'),
      WARREN_LOCK_WAIT: String(Math.ceil(lockWaitMs / 1000)),
      WARREN_ENV: join(dataDir, 'node.env'),
      WARREN_OUT: join(dataDir, 'log', 'start.log'),
      WARREN_SERVER: program,
    },
  })
}

/** The supervisor's words, and its end, as promises. */
function listenTo(child: ChildProcess) {
  const closed = once(child, 'exit').then(() => undefined)
  const words = child.stdout === null ? undefined : createInterface(child.stdout)
  const lines = words?.[Symbol.asyncIterator]()
  return {
    closed,
    /** The next line; undefined when there is none because the supervisor ended. */
    next: async (): Promise<string | undefined> => {
      const line = await lines?.next()
      return line === undefined || line.done === true ? undefined : line.value
    },
  }
}

async function untilAccepting(port: number, closed: Promise<void>): Promise<boolean> {
  let ended = false
  void closed.then(() => {
    ended = true
  })
  const deadline = performance.now() + startMs
  while (!ended && performance.now() < deadline) {
    if (await accepts(port)) return true
    await delay(25)
  }
  return false
}

/** Ends the supervisor's standard input, which stops the node; kills the whole group when that takes too long. */
function createStop(child: ChildProcess, closed: Promise<void>) {
  let stopped: Promise<void> | undefined
  const stop = async () => {
    child.stdin?.end()
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, stopMs)
    await closed
    clearTimeout(timer)
  }
  return () => {
    stopped ??= stop()
    return stopped
  }
}

/** Starts the supervisor, and under it the node; resolves once the node accepts connections. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const { dataDir, prepare } = options
  const outFile = join(dataDir, 'log', 'start.log')
  const child = startSupervisor(options)
  // Writing to a supervisor that has just ended is no news: its end is.
  child.stdin?.on('error', () => undefined)
  const { closed, next } = listenTo(child)
  const close = createStop(child, closed)
  const fail = async () => {
    await close()
    return startFailure({ dataDir, outFile, exitCode: child.exitCode })
  }
  try {
    if ((await next()) !== 'locked') throw await fail()
    await truncate(outFile).catch(() => undefined)
    const { port, environment } = await prepare()
    await writeEnvironment(dataDir, environment)
    child.stdin?.write('go\n')
    const started = /^started (\d+)$/.exec((await next()) ?? '')
    if (started === null) throw await fail()
    if (!(await untilAccepting(port, closed))) throw await fail()
    return { pid: Number(started[1]), port, environment, closed, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function writeEnvironment(
  dataDir: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    const text = Object.entries(environment).map(shellLine).join('')
    await writeFile(join(dataDir, 'node.env'), text, { mode: 0o600 })
  } catch (error) {
    throw folderFailure(dataDir, error)
  }
}
