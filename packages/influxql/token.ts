export type TokenType =
  | 'identifier'
  | 'keyword'
  | 'symbol'
  | 'string'
  | 'number'
  | 'integer'
  | 'duration'
  | 'regex'
  | 'parameter'
  | 'illegal'
  | 'end'

export interface Token {
  readonly type: TokenType
  /** Unquoted; a keyword in upper case; a symbol as it is. */
  readonly text: string
  /** Offset that an error names, which for a string is one before its quote, as in the reference. */
  readonly at: number
  /** Offset of the first character after the token. */
  readonly end: number
}

/** How InfluxDB names a token it did not expect. */
export function nameOf(token: Token): string {
  // An error need not repeat a text of any length.
  return token.type === 'end' ? 'EOF' : token.text.slice(0, 200)
}
