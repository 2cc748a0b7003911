import { reasonOf, WarrenError } from './errors.ts'

/** Exit codes of every Warren process. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  config: 3,
  alreadyRunning: 4,
  portTaken: 5,
  dataFolder: 6,
  diskFull: 7,
  broker: 8,
  catalog: 9,
  dataVersion: 10,
} as const

export interface Closeable {
  /** Rejects when the process has no more reason to run. */
  readonly ended: Promise<void>
  close(): Promise<void>
}

const codeOf = (error: unknown): number =>
  error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number'
    ? error.exitCode
    : error instanceof WarrenError && error.code.startsWith('config_')
      ? exitCodes.config
      : exitCodes.failure

const signalled = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })

/** What every `main.ts` ends with: starts, waits for a signal or a failure, closes, exits; a second signal exits at once. */
export async function runUntilSignal(start: () => Promise<Closeable>): Promise<never> {
  try {
    const signal = signalled()
    const running = await start()
    await Promise.race([signal, running.ended])
    for (const again of ['SIGINT', 'SIGTERM'] as const)
      process.once(again, () => process.exit(exitCodes.failure))
    await running.close()
    process.exit(exitCodes.ok)
  } catch (error) {
    process.stderr.write(`warren: ${reasonOf(error)}\n`)
    process.exit(codeOf(error))
  }
}
