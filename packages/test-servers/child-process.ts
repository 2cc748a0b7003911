import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { reasonOf } from '@warren/platform/errors'

export interface ChildOptions {
  readonly command: readonly [string, ...string[]]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd: string
  /** Gets stdout and stderr, appended. */
  readonly logFile: string
  /** Resolves once the server answers; asked again until `deadlineMs`. */
  readonly ready: () => Promise<void>
  readonly deadlineMs: number
}

/** Starts a child and waits until it is ready; rejects with the end of its log when it ends before, or is too late. */
export async function startChild(options: ChildOptions): Promise<ChildProcess> {
  const log = await open(options.logFile, 'a')
  const [program, ...args] = options.command
  // Its own process group: Ctrl-C on a terminal reaches the tests, which close their servers in order.
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', log.fd, log.fd],
    detached: true,
  })
  const spawned = once(child, 'spawn')
  await log.close()
  await spawned
  try {
    await untilReady(child, options)
  } catch (error) {
    await stopChild(child, 'SIGKILL')
    const tail = (await readFile(options.logFile, 'utf8')).slice(-2000)
    throw new Error(`${program} did not start: ${reasonOf(error)}\n${tail}`)
  }
  return child
}

async function untilReady(child: ChildProcess, { ready, deadlineMs }: ChildOptions): Promise<void> {
  const deadline = Date.now() + deadlineMs
  for (;;) {
    if (hasEnded(child)) throw new Error(`ended with ${child.exitCode ?? child.signalCode}`)
    try {
      return await ready()
    } catch (error) {
      if (Date.now() > deadline) throw error
    }
    await sleep(20)
  }
}

export const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null

/** Sends the signal and waits for the end; SIGKILL after 30 s. */
export async function stopChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return
  const end = once(child, 'exit')
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
  await end
  clearTimeout(timer)
}
