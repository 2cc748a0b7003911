import { WarrenError } from './errors.ts'

export interface DeadlineOptions {
  readonly ms: number
  /** What is waited for, as the error names it. */
  readonly what: string
}

/** Waits for a promise, but not past the deadline; then throws `deadline` (retry). The promise itself goes on. */
export async function withDeadline<Value>(
  promise: Promise<Value>,
  { ms, what }: DeadlineOptions,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new WarrenError(`${what} took longer than ${ms / 1000} s`, {
          code: 'deadline',
          disposition: 'retry',
        }),
      )
    }, ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
