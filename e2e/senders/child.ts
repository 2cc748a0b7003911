import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { startChild, stopChild } from '@warren/test-servers/child-process'
import { guardedBy } from '@warren/test-servers/run-as'

/** Runs a program to its end; rejects with what it said unless it ends with 0. */
export async function runProgram(command: readonly string[], input: string): Promise<void> {
  const [program = '', ...args] = command
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${said}`)
}

export interface Daemon {
  stop(): Promise<void>
}

/** Starts a program that runs until it is stopped, its words in a file of the folder. */
export async function startDaemon(command: readonly string[], folder: string): Promise<Daemon> {
  const child = await startChild({
    command: [...guardedBy(), ...command] as [string, ...string[]],
    cwd: folder,
    logFile: join(folder, 'daemon.log'),
    ready: async () => undefined,
    deadlineMs: 10_000,
  })
  return { stop: () => stopChild(child, 'SIGTERM') }
}
