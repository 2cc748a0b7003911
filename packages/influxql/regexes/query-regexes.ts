import { expandedLength } from '@warren/platform/re2-length'
import { RE2JS } from 're2js'
import { ParseError } from '../parse/error.ts'
import { toLiteralList } from './literal-list.ts'

/** Regexes that were found to be RE2: those of dashboards come again with each refresh, and compiling one takes longer than the rest of its query. */
const known = new Set<string>()
const mostKnown = 2000
const longestKnown = 256

/** The regexes of one query: each is RE2, and together they are short enough to be compiled. */
export class QueryRegexes {
  readonly #most: number
  #length = 0

  /** `most` are characters, repetitions written out. */
  constructor(most: number) {
    this.#most = most
  }

  /** Whether it is a list of texts that counts as none of them. */
  isLongList(source: string): boolean {
    return source.length > longestKnown && toLiteralList(source) !== undefined
  }

  /** Why it is no RE2; undefined when it is. Throws a `ParseError` when all are too long. */
  refusalOf(source: string): string | undefined {
    this.#count(source)
    if (known.has(source)) return undefined
    try {
      RE2JS.compile(source)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    if (source.length <= longestKnown && known.size < mostKnown) known.add(source)
    return undefined
  }

  #count(source: string): void {
    const most = this.#most
    // The characters alone first: so many are looked at.
    const length = source.length > most - this.#length ? source.length : expandedLength(source)
    this.#length += length
    if (this.#length > most)
      throw new ParseError(
        `the regexes of a query are longer than ${most} characters together, their repetitions written out; a list of texts, as =~ /^(a|b)$/, may be longer`,
      )
  }
}
