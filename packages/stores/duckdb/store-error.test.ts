import { WarrenError } from '@warren/platform/errors'
import { expect, test } from 'vitest'
import { storeError, toQuestionError, toStoreError } from './store-error.ts'

test.each([
  [
    'TransactionContext Error: Failed to commit: Could not write file "x.wal": No space left on device',
    'disk_full',
  ],
  ['IO Error: Could not read from file "x": Input/output error', 'store_io'],
  [
    'Out of Memory Error: failed to allocate data of size 1 MiB (95.9 MiB/96.0 MiB used)',
    'out_of_memory',
  ],
  [
    'FATAL Error: Failed: database has been invalidated because of a previous fatal error.',
    'store_invalidated',
  ],
  [
    'IO Error: Could not set lock on file "x.duckdb": Conflicting lock is held in node (PID 7)',
    'store_locked',
  ],
  ['Catalog Error: Table with name x does not exist!', 'store_failed'],
])('%s', (text, code) => {
  const error = toStoreError(new Error(text))
  expect(error).toMatchObject({ code, disposition: 'retry' })
  expect(error.message).toContain(text)
})

test('a cancelled query is not tried again', () => {
  expect(toStoreError(new Error('INTERRUPT Error: Interrupted!'))).toMatchObject({
    code: 'aborted',
    disposition: 'reject',
  })
})

test('keeps an error that says already what it is', () => {
  const error = storeError('file_corrupt', 'cannot open')
  expect(toStoreError(error)).toBe(error)
  expect(error).toBeInstanceOf(WarrenError)
})

test.each([
  new TypeError("Cannot read properties of undefined (reading 'x')"),
  new RangeError('Invalid time value'),
  new RangeError('Maximum call stack size exceeded'),
  new ReferenceError('x is not defined'),
  new Error('BUG: no such aggregation'),
])('of a question, %s is a defect, which asking again would not mend', (cause) => {
  const error = toQuestionError(cause)
  expect(error).toMatchObject({ code: 'question_failed', disposition: 'reject' })
  expect(error.message).toContain(cause.message)
  expect(error.stack).toBe(cause.stack)
})

test.each([
  [new Error('Catalog Error: Table with name x does not exist!'), 'store_failed'],
  [new RangeError('Array buffer allocation failed'), 'store_failed'],
  [storeError('worker_died', 'the thread ended'), 'worker_died'],
])('of a question, %s stays a failure of the store', (cause, code) => {
  expect(toQuestionError(cause)).toMatchObject({ code, disposition: 'retry' })
})
