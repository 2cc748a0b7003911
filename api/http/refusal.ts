import { type ErrorCode, errorCodes } from './error-codes.ts'

export interface FieldError {
  /** JSON pointer into the body, or `?name` of a query parameter. */
  readonly pointer: string
  readonly detail: string
}

interface Details {
  readonly errors?: readonly FieldError[]
  readonly retryAfterS?: number
  readonly cause?: unknown
}

/** What a route throws to answer with an error; it never leaves this service. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ErrorCode
  readonly status: number
  readonly errors: readonly FieldError[] | undefined
  readonly retryAfterS: number | undefined

  constructor(code: ErrorCode, detail: string, { errors, retryAfterS, cause }: Details = {}) {
    super(detail, { cause })
    this.code = code
    this.status = errorCodes[code].status
    this.errors = errors
    this.retryAfterS = retryAfterS
  }
}
