export type ScopeCode = 'database_not_found' | 'policy_not_found' | 'not_authorized'

/** The statement asks for what its caller may not have. The message has InfluxDB's wording and names nothing the caller did not. */
export class ScopeError extends Error {
  override readonly name = 'ScopeError'
  readonly code: ScopeCode

  constructor(message: string, code: ScopeCode) {
    super(message)
    this.code = code
  }
}

export function notAuthorized(what: string): ScopeError {
  return new ScopeError(
    `error authorizing query: not authorized to execute ${what}`,
    'not_authorized',
  )
}
