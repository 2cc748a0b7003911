import { bindParameter, type Parameters } from '../parameters.ts'
import { ControlCharacterError, ParseError } from '../parse/error.ts'
import { QueryRegexes } from '../regexes/query-regexes.ts'
import { hasControl } from './control-character.ts'
import { scanGap, scanToken, skipBlanks } from './lexer.ts'
import { scanRegex } from './quoted-text.ts'
import { nameOf, type Token } from './token.ts'

export interface ParseLimits {
  /** Characters. */
  readonly size: number
  /** Characters of all regexes of one query that are no lists of texts, their repetitions written out: compiling and matching them takes time in proportion. */
  readonly regexes: number
  /** Parentheses, calls and subqueries within each other. */
  readonly depth: number
  readonly statements: number
  /** Binary operators of one query; they bound the height of the tree. */
  readonly operators: number
}

interface FoundRegex {
  readonly source: string
  /** Offset that an error names. */
  readonly at: number
}

/** The text of a query and a place in it. One token of look-ahead, scanned once. */
export class Cursor {
  readonly text: string
  readonly limits: ParseLimits
  readonly #parameters: Parameters
  readonly #regexes: QueryRegexes
  #at = 0
  #next: Token | undefined
  #last: Token | undefined
  #beforeLast: Token | undefined
  /** The reference's reader has met the end before the token that stands for it. */
  #hasMetEnd = false
  #depth = 0
  #operators = 0

  constructor(text: string, limits: ParseLimits, parameters: Parameters) {
    this.text = text
    this.limits = limits
    this.#parameters = parameters
    this.#regexes = new QueryRegexes(limits.regexes)
  }

  peek(): Token {
    this.#next ??= this.#bound(this.#scan())
    return this.#next
  }

  take(): Token {
    return this.#take(this.peek())
  }

  /** The next token, blanks or a comment before it being one. */
  atOnce(): Token {
    return scanGap(this.text, this.#at) ?? this.peek()
  }

  /** The character right after the last token taken; empty at the end. */
  following(): string {
    return this.#characterAt(this.#at)
  }

  /** The character right after what `atOnce` is: there the reference looks for what may follow a name. */
  followingNext(): string {
    const { type, end } = this.atOnce()
    return type === 'end' ? '' : this.#characterAt(end)
  }

  followingAt(): number {
    return this.#at
  }

  isNext(...texts: readonly string[]): boolean {
    const { type, text } = this.peek()
    return (type === 'keyword' || type === 'symbol') && texts.includes(text)
  }

  /** Takes the keyword or symbol if it is next. */
  accept(wanted: string): boolean {
    const { type, text } = this.peek()
    if (text !== wanted || (type !== 'keyword' && type !== 'symbol')) return false
    this.take()
    return true
  }

  /** Whether the symbol is next, with neither blanks nor a comment before it. */
  isAtOnce(symbol: string): boolean {
    return this.text.startsWith(symbol, this.#at) && this.isNext(symbol)
  }

  acceptAtOnce(symbol: string): boolean {
    return this.isAtOnce(symbol) && this.accept(symbol)
  }

  /** Takes the symbol if it is next with nothing but blanks before it. */
  acceptAfterBlanks(symbol: string): boolean {
    return this.text.startsWith(symbol, skipBlanks(this.text, this.#at)) && this.accept(symbol)
  }

  expectAtOnce(symbol: string): void {
    if (!this.acceptAtOnce(symbol)) throw this.unexpectedAtOnce(symbol)
  }

  expect(...texts: readonly string[]): void {
    for (const text of texts) if (!this.accept(text)) throw this.unexpected(text)
  }

  identifier(): string {
    if (this.peek().type !== 'identifier') throw this.unexpected('identifier')
    return this.take().text
  }

  string(): string {
    if (this.peek().type !== 'string') throw this.unexpected('string')
    return this.take().text
  }

  /** The RE2 source of a regex, if one is next. Where a regex may stand, a comment may not. */
  regex(): string | undefined {
    const found = this.#regex()
    return found === undefined ? undefined : this.#checked(found)
  }

  /** The same of what values are compared with: a list of texts may be as long as the query. */
  regexOfValues(): string | undefined {
    const found = this.#regex()
    if (found === undefined) return undefined
    return this.#regexes.isLongList(found.source) ? found.source : this.#checked(found)
  }

  #regex(): FoundRegex | undefined {
    const at = skipBlanks(this.text, this.#at)
    const character = this.#characterAt(at)
    if (character === '$') {
      const token = this.peek()
      return token.type === 'regex' ? { source: this.take().text, at } : undefined
    }
    if (character !== '/') return undefined
    const scanned = scanRegex(this.text, at)
    // One before the slash, as of strings.
    const before = Math.max(0, at - 1)
    if (scanned === undefined) throw this.failure('bad regex: ', before)
    this.#take({ type: 'regex', text: scanned.source, at: before, end: scanned.end })
    return { source: scanned.source, at: before }
  }

  /** Runs `parse` one level deeper. */
  nested<T>(parse: () => T): T {
    if (++this.#depth > this.limits.depth)
      throw new ParseError(`query is nested more than ${this.limits.depth} levels deep`)
    const result = parse()
    this.#depth--
    return result
  }

  countOperator(): void {
    if (++this.#operators > this.limits.operators)
      throw new ParseError(`query has more than ${this.limits.operators} operators`)
  }

  unexpected(...expected: readonly string[]): ParseError {
    return this.#found(this.peek(), expected)
  }

  /** The same where blanks or a comment may not stand. */
  unexpectedAtOnce(...expected: readonly string[]): ParseError {
    return this.#found(this.atOnce(), expected)
  }

  /** The same of the first of the last three tokens of the reference, the next one being the third: blanks and comments count but are not named. */
  unexpectedLast(...expected: readonly string[]): ParseError {
    const gaps = this.#gapsAt(this.#at)
    const before = gaps === 0 ? this.#adjacent() : this.#last
    return this.#found((gaps > 1 ? undefined : before) ?? this.peek(), expected)
  }

  failure(message: string, at: number): ParseError {
    return new ParseError(this.#placed(message, at))
  }

  foundControl(at: number, where = ''): ControlCharacterError {
    return new ControlCharacterError(this.#placed(`found a control character${where}`, at))
  }

  #found(token: Token, expected: readonly string[]): ParseError {
    return this.failure(`found ${nameOf(token)}, expected ${expected.join(', ')}`, token.at)
  }

  #placed(message: string, at: number): string {
    const lines = this.text.slice(0, at).split('\n')
    // The reference counts characters, not UTF-16's halves of them; an offset may be between two.
    const before = (lines.at(-1) ?? '').replace(/[\ud800-\udbff]$/, '')
    const char = [...before].length + Math.max(0, at - this.text.length) + 1
    return `${message} at line ${lines.length}, char ${char}`
  }

  /** The token right before the last one, without a blank between; else the last one. */
  #adjacent(): Token | undefined {
    const before = this.#beforeLast
    return before !== undefined && this.#gapsAt(before.end) === 0 ? before : this.#last
  }

  /** Blanks and comments that start at `from`. */
  #gapsAt(from: number): number {
    let gaps = 0
    for (let gap = scanGap(this.text, from); gap; gap = scanGap(this.text, gap.end)) gaps++
    return gaps
  }

  #scan(): Token {
    const token = scanToken(this.text, this.#at, this.#last?.at ?? 0)
    return token.type === 'end' && this.#hasMetEnd ? { ...token, at: token.end + 1 } : token
  }

  #take(token: Token): Token {
    this.#beforeLast = this.#last
    this.#last = token
    this.#at = token.end
    this.#next = undefined
    return token
  }

  #characterAt(at: number): string {
    const character = this.text[at]
    if (character === undefined) this.#hasMetEnd = true
    return character ?? ''
  }

  #checked({ source, at }: FoundRegex): string {
    const reason = this.#regexes.refusalOf(source)
    if (reason !== undefined) throw this.failure(reason, at)
    return source
  }

  #bound(token: Token): Token {
    if (token.type !== 'parameter') return token
    const literal = bindParameter(this.#parameters, token.text.slice(1))
    if (literal === undefined) return token
    if (hasControl(literal.text)) throw this.foundControl(token.at, ` in ${token.text}`)
    return { ...token, ...literal }
  }
}
