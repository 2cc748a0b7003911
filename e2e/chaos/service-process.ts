import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { answers } from '@warren/test-servers/answers'
import { freePort } from '@warren/test-servers/free-port'
import { eventually } from '../client.ts'

const root = join(import.meta.dirname, '..', '..')

/** A service of Warren in a process of its own. */
export interface ServiceProcess {
  readonly adminPort: number
  start(): Promise<void>
  kill(): Promise<void>
  /** SIGSTOP or SIGCONT. */
  pause(signal: 'SIGSTOP' | 'SIGCONT'): void
  stop(): Promise<void>
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode !== null || signalCode !== null

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || hasEnded(child)) return
  const exit = once(child, 'exit')
  child.kill(signal)
  // One that is paused would not see the signal.
  child.kill('SIGCONT')
  await exit
}

/** `main`: below the root, as `poller/main.ts`. Starts with the first `start`, which resolves once it answers. */
export async function createService(
  main: string,
  env: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  const adminPort = await freePort()
  let child: ChildProcess | undefined
  let output = ''
  return {
    adminPort,
    async start() {
      const started = spawn(process.execPath, [join(root, main)], {
        env: { PATH: process.env['PATH'], ...env, WARREN_ADMIN_PORT: String(adminPort) },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = started
      for (const stream of [started.stdout, started.stderr])
        stream.on('data', (bytes: Buffer) => {
          output = (output + bytes.toString()).slice(-20_000)
        })
      await eventually(async () => {
        if (hasEnded(started)) return true
        await answers(`http://127.0.0.1:${adminPort}/healthz`)
        return true
      }, 120_000)
      if (hasEnded(started)) throw new Error(`${main} ended:\n${output}`)
    },
    kill: () => end(child, 'SIGKILL'),
    pause: (signal) => void child?.kill(signal),
    stop: () => end(child, 'SIGTERM'),
  }
}
