/** Blanks and comments are passed over but where a token must follow at once. */
export type TokenType =
  | 'blank'
  | 'comment'
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

/** What the reference calls a token that has no text. */
const emptyNames: Readonly<Partial<Record<TokenType, string>>> = {
  duration: 'DURATIONVAL',
  end: 'EOF',
  identifier: 'IDENT',
  // A quote with nothing behind it; a comment without end has a text.
  illegal: 'BADSTRING',
  regex: 'REGEX',
  string: 'STRING',
}

/** Characters. An error need not repeat a text of any length. */
const mostShown = 1000

/** How InfluxDB names a token it did not expect. */
export function nameOf({ type, text }: Token): string {
  return text === '' ? (emptyNames[type] ?? '') : text.slice(0, mostShown)
}
