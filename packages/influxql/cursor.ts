import { expandedLength } from '@warren/platform/re2-length'
import { RE2JS } from 're2js'
import { hasControl } from './control-character.ts'
import { scanToken, skipBlanks } from './lexer.ts'
import { toLiteralList } from './literal-list.ts'
import { bindParameter, type Parameters } from './parameters.ts'
import { ControlCharacterError, ParseError } from './parse-error.ts'
import { scanRegex } from './quoted-text.ts'
import { nameOf, type Token } from './token.ts'

/** Regexes that were found to be RE2: those of dashboards come again with each refresh, and compiling one takes longer than the rest of its query. */
const knownRegexes = new Set<string>()
const mostKnown = 2000
const longestKnown = 256

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
  readonly at: number
}

/** The text of a query and a place in it. One token of look-ahead, scanned once. */
export class Cursor {
  readonly text: string
  readonly limits: ParseLimits
  readonly #parameters: Parameters
  #at = 0
  #next: Token | undefined
  #depth = 0
  #operators = 0
  #regexes = 0

  constructor(text: string, limits: ParseLimits, parameters: Parameters) {
    this.text = text
    this.limits = limits
    this.#parameters = parameters
  }

  peek(): Token {
    this.#next ??= this.#bound(scanToken(this.text, this.#at))
    return this.#next
  }

  take(): Token {
    const token = this.peek()
    this.#at = token.end
    this.#next = undefined
    return token
  }

  /** The character right after the last token taken, blanks included. */
  following(): string {
    return this.text[this.#at] ?? ''
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
    const isList = found.source.length > longestKnown && toLiteralList(found.source) !== undefined
    return isList ? found.source : this.#checked(found)
  }

  #regex(): FoundRegex | undefined {
    const at = skipBlanks(this.text, this.#at)
    if (this.text[at] === '$') {
      const token = this.peek()
      return token.type === 'regex' ? { source: this.take().text, at } : undefined
    }
    if (this.text[at] !== '/') return undefined
    const scanned = scanRegex(this.text, at)
    if (scanned === undefined) throw this.failure('bad regex: ', at)
    this.#next = undefined
    this.#at = scanned.end
    return { source: scanned.source, at }
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
    const token = this.peek()
    return this.failure(`found ${nameOf(token)}, expected ${expected.join(', ')}`, token.at)
  }

  failure(message: string, at: number): ParseError {
    return new ParseError(this.#placed(message, at))
  }

  foundControl(at: number, where = ''): ControlCharacterError {
    return new ControlCharacterError(this.#placed(`found a control character${where}`, at))
  }

  #placed(message: string, at: number): string {
    const before = this.text.slice(0, at)
    const line = before.split('\n').length
    return `${message} at line ${line}, char ${at - before.lastIndexOf('\n')}`
  }

  #checked({ source, at }: FoundRegex): string {
    this.#countRegex(source)
    if (knownRegexes.has(source)) return source
    try {
      RE2JS.compile(source)
      if (source.length <= longestKnown && knownRegexes.size < mostKnown) knownRegexes.add(source)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw this.failure(reason, Math.max(0, at - 1))
    }
    return source
  }

  #countRegex(source: string): void {
    const most = this.limits.regexes
    // The characters alone first: so many are looked at.
    const length = source.length > most - this.#regexes ? source.length : expandedLength(source)
    this.#regexes += length
    if (this.#regexes > most)
      throw new ParseError(
        `the regexes of a query are longer than ${most} characters together, their repetitions written out; a list of texts, as =~ /^(a|b)$/, may be longer`,
      )
  }

  #bound(token: Token): Token {
    if (token.type !== 'parameter') return token
    const literal = bindParameter(this.#parameters, token.text.slice(1))
    if (literal === undefined) return token
    if (hasControl(literal.text)) throw this.foundControl(token.at, ` in ${token.text}`)
    return { ...token, ...literal }
  }
}
