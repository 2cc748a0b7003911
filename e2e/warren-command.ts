import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from './client.ts'

const script = join(import.meta.dirname, '..', 'cli', 'bin', 'warren.mjs')

export type Environment = Readonly<Record<string, string>>

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Outcome>
  readonly stderr: () => string
  readonly stdout: () => string
}

function spawnWarren(args: readonly string[], env: Environment): Running {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('WARREN_'))
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...Object.fromEntries(inherited), WARREN_HTTP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as a shell's job is.
    detached: true,
  })
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (bytes: Buffer) => {
    stdout += bytes
  })
  child.stderr?.on('data', (bytes: Buffer) => {
    stderr += bytes
  })
  const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }) as Outcome)
  return { child, ended, stdout: () => stdout, stderr: () => stderr }
}

/** `warren …` until it ends by itself. */
export const warren = (args: readonly string[], env: Environment): Promise<Outcome> =>
  spawnWarren(args, env).ended

export interface Up {
  readonly pid: number
  readonly url: string
  readonly ended: Promise<Outcome>
  /** To the whole process group, as a terminal’s Ctrl-C; nothing once it has ended. */
  interrupt(): void
  output(): string
}

/** `warren up` on a folder; resolves once every part is ready. */
export async function startUp(dataDir: string, env: Environment = {}): Promise<Up> {
  const { child, ended, stdout, stderr } = spawnWarren(['up', '--data-dir', dataDir], env)
  const { pid = 0 } = child
  const url = await eventually(async () => {
    if (child.exitCode !== null) return ''
    const run = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'))
    if (run.pid !== pid) return undefined
    return (await fetch(`${run.url}/readyz`)).ok ? String(run.url) : undefined
  }, 60_000)
  if (url === '') throw new Error(`warren up ended with ${child.exitCode}: ${stderr()}`)
  return {
    pid,
    url,
    ended,
    interrupt: () => {
      if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGINT')
    },
    output: () => stdout() + stderr(),
  }
}
