import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasEnded, startChild, stopChild } from './child-process.ts'
import { type Account, giveTo, guardedBy } from './run-as.ts'
import { mountSmallDisk } from './small-disk.ts'
import { makeTempDir, removeTempDir } from './temp-dir.ts'

/** A real server as a private child: a free loopback port, a folder of its own, ended with the thread that started it. */
export interface TestServer {
  readonly url: string
  readonly port: number
  /** Of the server itself; another after each start. */
  readonly pid: number
  readonly dataDir: string
  /** False once it has ended, by itself too. */
  readonly isRunning: boolean
  /** Sends the signal; after one that ends it, resolves when it has ended. SIGSTOP and SIGCONT pause and resume it. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Ends it (SIGTERM) if it runs, and starts it again on the same folder and port; resolves when it answers. */
  restart(): Promise<void>
  /** Ends it and removes its folder. Safe to call twice. */
  close(): Promise<void>
}

export interface ServerSpec {
  readonly name: string
  readonly port: number
  readonly url: string
  readonly account?: Account
  /** Megabytes of a disk of its own for its folder, where mounting is allowed; the machine's disk unless said. */
  readonly diskMb?: number | undefined
  /** Runs once, before the first start, in the empty folder that already belongs to `account`. */
  readonly prepare?: (dataDir: string) => Promise<void>
  readonly command: (dataDir: string) => readonly [string, ...string[]]
  readonly env?: (dataDir: string) => Readonly<Record<string, string>>
  readonly ready: () => Promise<void>
  readonly deadlineMs: number
  /** SIGTERM unless said otherwise. */
  readonly stopSignal?: NodeJS.Signals
  /** When the child is only a launcher: the process that signals are meant for. */
  readonly serverPid?: (dataDir: string) => number
}

const pausing: readonly NodeJS.Signals[] = ['SIGSTOP', 'SIGCONT']

export async function startServer(spec: ServerSpec): Promise<TestServer> {
  const { dataDir, remove } = await makeFolder(spec)
  const start = () =>
    startChild({
      command: [...guardedBy(spec.account), ...spec.command(dataDir)] as [string, ...string[]],
      cwd: dataDir,
      logFile: join(dataDir, 'server.log'),
      env: spec.env?.(dataDir) ?? {},
      ready: spec.ready,
      deadlineMs: spec.deadlineMs,
    })
  try {
    if (spec.account !== undefined) await giveTo(dataDir, spec.account)
    await spec.prepare?.(dataDir)
    return runningServer(spec, { dataDir, remove, start, child: await start() })
  } catch (error) {
    await remove()
    throw error
  }
}

interface Folder {
  readonly dataDir: string
  readonly remove: () => Promise<void>
}

async function makeFolder({ name, diskMb }: ServerSpec): Promise<Folder> {
  const dataDir = await makeTempDir(name)
  const unmount = diskMb === undefined ? undefined : mountSmallDisk(dataDir, diskMb)
  let removed: Promise<void> | undefined
  const remove = async () => {
    unmount?.()
    await removeTempDir(dataDir)
  }
  return {
    dataDir,
    remove: () => {
      removed ??= remove()
      return removed
    },
  }
}

interface Running extends Folder {
  readonly start: () => Promise<ChildProcess>
  child: ChildProcess
}

const startAttempts = 10

/** The children of a server that was killed may hold its folder for a moment. */
async function startAgain(start: Running['start']): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start()
    } catch (error) {
      if (attempt === startAttempts) throw error
      await sleep(200)
    }
  }
}

function runningServer(spec: ServerSpec, state: Running): TestServer {
  const pid = () => spec.serverPid?.(state.dataDir) ?? state.child.pid ?? 0
  const stop = () => stopChild(state.child, spec.stopSignal ?? 'SIGTERM')
  return {
    url: spec.url,
    port: spec.port,
    dataDir: state.dataDir,
    get pid() {
      return pid()
    },
    get isRunning() {
      return !hasEnded(state.child)
    },
    async kill(signal) {
      if (hasEnded(state.child)) return
      const ended = new Promise<void>((resolve) => state.child.once('exit', () => resolve()))
      process.kill(pid(), signal)
      if (!pausing.includes(signal)) await ended
    },
    async restart() {
      await stop()
      state.child = await startAgain(state.start)
    },
    async close() {
      // A paused process would not see the signal that ends it.
      if (!hasEnded(state.child)) process.kill(pid(), 'SIGCONT')
      await stop()
      await state.remove()
    },
  }
}
