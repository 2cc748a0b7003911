import { WarrenError } from '@warren/platform/errors'
import { expect, test } from 'vitest'
import { storeError, toStoreError } from './store-error.ts'

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
