/** The text is not InfluxQL, or is more than we accept. The message is InfluxDB's: `error parsing query: found …`. */
export class ParseError extends Error {
  override readonly name = 'ParseError'
  /** The message without `error parsing query: `. */
  readonly detail: string

  constructor(detail: string) {
    super(`error parsing query: ${detail}`)
    this.detail = detail
  }
}

/** A text that InfluxDB's parser and ours could read differently, for its parser passes over some control characters: refused whatever it says. */
export class ControlCharacterError extends ParseError {}
