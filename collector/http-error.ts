/** An answer that is not 204, in the words of the InfluxDB that the client believes it speaks to. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number
  /** InfluxDB 2's `code`. */
  readonly code: string
  readonly retryAfterSeconds: number | undefined

  constructor(
    status: number,
    code: string,
    details: { message: string; retryAfterSeconds?: number },
  ) {
    super(details.message)
    this.status = status
    this.code = code
    this.retryAfterSeconds = details.retryAfterSeconds
  }
}
