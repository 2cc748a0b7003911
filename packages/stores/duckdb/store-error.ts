import { isDefect, reasonOf, WarrenError } from '@warren/platform/errors'

/** Failures of an embedded store. All but `aborted` are `retry`: the data is fine, the store is not. */
type StoreErrorCode =
  | 'aborted'
  | 'disk_full'
  | 'file_corrupt'
  | 'out_of_memory'
  | 'store_busy'
  | 'store_closed'
  | 'store_failed'
  | 'store_invalidated'
  | 'store_io'
  | 'store_locked'
  | 'worker_died'

export function storeError(code: StoreErrorCode, message: string, cause?: unknown): WarrenError {
  const disposition = code === 'aborted' ? 'reject' : 'retry'
  return new WarrenError(message, { code, disposition, cause })
}

/** First match wins; the texts are DuckDB 1.5's. */
const kinds: readonly (readonly [RegExp, StoreErrorCode, string])[] = [
  [/no space left|disk quota|ENOSPC|EDQUOT/i, 'disk_full', 'no space left on the data disk'],
  [/database has been invalidated|^FATAL/i, 'store_invalidated', 'the embedded store must reopen'],
  [/^INTERRUPT|Interrupted!/, 'aborted', 'the query was cancelled'],
  [/^Out of Memory/, 'out_of_memory', 'the embedded store has reached its memory limit'],
  [/Unique file handle conflict/, 'store_busy', 'the file is still in use'],
  [/could not set lock/i, 'store_locked', 'another process has the embedded store open'],
  [/^IO Error|EIO|EACCES|EROFS|EMFILE/, 'store_io', 'the data disk cannot be read or written'],
]

/** What an error of DuckDB or of the file system means to whoever asked the store. */
export function toStoreError(cause: unknown): WarrenError {
  if (cause instanceof WarrenError) return cause
  const text = reasonOf(cause)
  const kind = kinds.find(([pattern]) => pattern.test(text))
  if (kind === undefined)
    return storeError('store_failed', `the embedded store failed: ${text}`, cause)
  const [, code, meaning] = kind
  return storeError(code, `${meaning}: ${text}`, cause)
}

/** What an error in answering one question means. A defect says nothing about the store, and would be there again: its `stack` is where it is. */
export function toQuestionError(cause: unknown): WarrenError {
  if (!isDefect(cause)) return toStoreError(cause)
  const error = new WarrenError(`the question cannot be answered: ${reasonOf(cause)}`, {
    ...{ code: 'question_failed', disposition: 'reject', cause },
  })
  if (cause instanceof Error && cause.stack !== undefined) error.stack = cause.stack
  return error
}
