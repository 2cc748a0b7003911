import { WarrenError } from './errors.ts'

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
  /** Of what was tried, something would be refused. */
  refused: 11,
} as const

export type ExitReason = keyof typeof exitCodes

/** What the code of a `WarrenError` means for the process that could not go on; a code that is not listed is a failure. */
const reasons: Readonly<Record<string, ExitReason>> = {
  config_invalid: 'config',
  config_secret_file: 'config',
  already_running: 'alreadyRunning',
  embedded_postgres_in_use: 'alreadyRunning',
  store_locked: 'alreadyRunning',
  port_taken: 'portTaken',
  port_lost: 'portTaken',
  listen_failed: 'portTaken',
  data_folder: 'dataFolder',
  file_corrupt: 'dataFolder',
  store_io: 'dataFolder',
  disk_full: 'diskFull',
  broker_missing: 'broker',
  broker_failed: 'broker',
  broker_refused: 'broker',
  catalog_refused: 'catalog',
  catalog_unavailable: 'catalog',
  embedded_postgres_missing: 'catalog',
  embedded_postgres_failed: 'catalog',
}

/** The exit code that an error ends the process with: its own `exitCode`, or that of its `WarrenError` code. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number')
    return error.exitCode
  return error instanceof WarrenError
    ? exitCodes[reasons[error.code] ?? 'failure']
    : exitCodes.failure
}
