import { createLog, type Log } from './log.ts'

/** Of what a test runs and does not look at. */
export function silentLog(): Log {
  const log = createLog({ service: 'test', level: 'error', pretty: true })
  log.silent = true
  return log
}
