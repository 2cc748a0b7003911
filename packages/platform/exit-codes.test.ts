import { expect, it } from 'vitest'
import { WarrenError } from './errors.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'

const failed = (code: string) => new WarrenError('no', { code, disposition: 'fatal' })

it.each([
  ['config_invalid', 3],
  ['already_running', 4],
  ['port_taken', 5],
  ['data_folder', 6],
  ['disk_full', 7],
  ['broker_missing', 8],
  ['broker_refused', 8],
  ['embedded_postgres_failed', 9],
  ['something_else', 1],
] as const)('%s ends the process with %i', (code, exitCode) => {
  expect(exitCodeOf(failed(code))).toBe(exitCode)
})

it('takes the code that an error carries, and calls anything else a failure', () => {
  expect(exitCodeOf(Object.assign(new Error('no'), { exitCode: 10 }))).toBe(exitCodes.dataVersion)
  expect(exitCodeOf(new TypeError('no'))).toBe(exitCodes.failure)
  expect(exitCodeOf('no')).toBe(exitCodes.failure)
})

it('gives each reason a code of its own', () => {
  expect(new Set(Object.values(exitCodes)).size).toBe(Object.keys(exitCodes).length)
})
