import { FluxError } from './flux-error.ts'
import { failure, scanRegex, scanToken, type Token } from './lexer.ts'

export interface FluxLimits {
  /** Characters of a program. */
  readonly size: number
  /** Expressions within each other. */
  readonly depth: number
  /** Tokens of a program; they bound the height of the tree. */
  readonly tokens: number
}

/** The text of a program and a place in it, with one token of look-ahead. */
export class Cursor {
  readonly #text: string
  readonly #limits: FluxLimits
  #at = 0
  #next: Token | undefined
  #depth = 0
  #tokens = 0

  constructor(text: string, limits: FluxLimits) {
    this.#text = text
    this.#limits = limits
  }

  peek(): Token {
    this.#next ??= scanToken(this.#text, this.#at)
    return this.#next
  }

  /** The next ones, at most so many, up to the first that cannot be read. */
  ahead(count: number): readonly Token[] {
    const tokens = [this.peek()]
    while (tokens.length < count) {
      const token = scannedOrNone(this.#text, tokens.at(-1)?.end ?? 0)
      if (token === undefined) break
      tokens.push(token)
    }
    return tokens
  }

  take(): Token {
    const token = this.peek()
    this.#advance(token)
    return token
  }

  /** A regex, where a value may stand. */
  takeRegex(): Token | undefined {
    const token = scanRegex(this.#text, this.#at)
    if (token !== undefined) this.#advance(token)
    return token
  }

  isNext(...texts: readonly string[]): boolean {
    const { type, text } = this.peek()
    return (type === 'symbol' || type === 'keyword') && texts.includes(text)
  }

  accept(text: string): boolean {
    if (!this.isNext(text)) return false
    this.take()
    return true
  }

  expect(text: string): void {
    if (!this.accept(text)) throw this.unexpected(JSON.stringify(text))
  }

  identifier(): string {
    if (this.peek().type !== 'identifier') throw this.unexpected('an identifier')
    return this.take().text
  }

  /** Runs `parse` one level deeper. */
  nested<T>(parse: () => T): T {
    if (++this.#depth > this.#limits.depth)
      throw new FluxError(
        `the program is nested more than ${this.#limits.depth} levels deep`,
        'syntax',
      )
    const result = parse()
    this.#depth--
    return result
  }

  unexpected(expected: string): FluxError {
    const { type, text, at } = this.peek()
    const found = type === 'end' ? text : JSON.stringify(text)
    return failure(this.#text, at, `found ${found}, expected ${expected}`)
  }

  #advance(token: Token): void {
    this.#at = token.end
    this.#next = undefined
    if (++this.#tokens > this.#limits.tokens)
      throw new FluxError(`the program has more than ${this.#limits.tokens} tokens`, 'syntax')
  }
}

function scannedOrNone(text: string, from: number): Token | undefined {
  try {
    return scanToken(text, from)
  } catch (error) {
    if (error instanceof FluxError) return undefined
    throw error
  }
}
