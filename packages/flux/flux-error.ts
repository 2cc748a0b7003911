export type FluxErrorCode = 'syntax' | 'not_accepted' | 'bucket_not_found'

/** The program is not Flux, is more than we accept, or names what its caller does not have. */
export class FluxError extends Error {
  override readonly name = 'FluxError'
  readonly code: FluxErrorCode

  constructor(message: string, code: FluxErrorCode) {
    super(message)
    this.code = code
  }
}

export const notAccepted = (what: string): FluxError =>
  new FluxError(`${what} is not accepted by the gateway`, 'not_accepted')
