/** What the caller should do next. Every error in the pipeline carries exactly one. */
export type Disposition = 'retry' | 'reject' | 'fatal'

interface Details {
  /** Names the failure; also the label of the error counter, so never interpolated. */
  readonly code: string
  readonly disposition: Disposition
  readonly cause?: unknown
  readonly retryAfterMs?: number
}

/** The only error class that crosses a package boundary. Its message is for the operator: no secret, no stack. */
export class WarrenError extends Error {
  override readonly name = 'WarrenError'
  readonly code: string
  readonly disposition: Disposition
  readonly retryAfterMs: number | undefined

  constructor(message: string, { code, disposition, cause, retryAfterMs }: Details) {
    super(message, { cause })
    this.code = code
    this.disposition = disposition
    this.retryAfterMs = retryAfterMs
  }
}

/** An error we did not classify is retried: losing data is worse than doing work twice. */
export function dispositionOf(error: unknown): Disposition {
  return error instanceof WarrenError ? error.disposition : 'retry'
}

/** One line that says what went wrong, for a log or a status. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message || error.name : String(error)
}

/** Whether an error is a `WarrenError` of this code. */
export const hasCode = (error: unknown, code: string): error is WarrenError =>
  error instanceof WarrenError && error.code === code

/** Whether an error is a mistake in our own code, which one question may uncover, and not trouble of a disk, a server or memory. */
export function isDefect(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.message.startsWith('BUG: ')) return true
  const isOurs = [TypeError, RangeError, ReferenceError].some((kind) => error instanceof kind)
  // With a cause it is `fetch` that failed.
  return isOurs && error.cause === undefined && !/allocation failed/i.test(error.message)
}
