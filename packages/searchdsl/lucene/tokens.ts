import { malformed, refused } from '../errors.ts'
import { limits } from '../limits.ts'

/** Tokens of Lucene's classic query syntax: https://lucene.apache.org/core/9_12_0/queryparser/org/apache/lucene/queryparser/classic/package-summary.html */
export type Token =
  | { readonly kind: 'and' | 'or' | 'not' | 'plus' | 'minus' | 'open' | 'close' | 'colon' | 'end' }
  /** Text as written, escapes kept. */
  | { readonly kind: 'term' | 'prefix' | 'wildcard'; readonly raw: string }
  /** A lone operator between spaces, escaped: a word, but in no row with others. */
  | { readonly kind: 'bare'; readonly raw: string }
  /** A lone `*`. */
  | { readonly kind: 'star' }
  /** Without the quotes, escapes resolved. */
  | { readonly kind: 'phrase'; readonly text: string }
  /** Between the slashes, `\/` resolved. */
  | { readonly kind: 'regexp'; readonly text: string }
  | RangeToken
  | { readonly kind: 'boost' | 'fuzzy' }

export interface RangeToken {
  readonly kind: 'range'
  readonly from: string | undefined
  readonly to: string | undefined
  readonly fromInclusive: boolean
  readonly toInclusive: boolean
}

const space = /[ \t\n\r\u3000]+/y
const word =
  /(?:\\[\s\S]|[^ \t\n\r\u3000+\-!():^[\]"{}~\\/])(?:\\[\s\S]|[^ \t\n\r\u3000!():^[\]"{}~\\/])*/y
const phrase = /"((?:\\[\s\S]|[^"\\])*)"/y
const regexp = /\/((?:\\\/|[^/])*)\//y
const boost = /\^(\d+(?:\.\d+)?)/y
const fuzzy = /~(?:\d+(?:\.\d+)?)?/y
const range =
  /([[{])[ \t\n\r\u3000]*("(?:\\[\s\S]|[^"\\])*"|[^\s\]}"]+)[ \t\n\r\u3000]+TO[ \t\n\r\u3000]+("(?:\\[\s\S]|[^"\\])*"|[^\s\]}"]+)[ \t\n\r\u3000]*([\]}])/y

const single: Readonly<Record<string, Token>> = {
  '(': { kind: 'open' },
  ')': { kind: 'close' },
  ':': { kind: 'colon' },
  '!': { kind: 'not' },
  '+': { kind: 'plus' },
  '-': { kind: 'minus' },
}
const operators: Readonly<Record<string, Token>> = {
  AND: { kind: 'and' },
  '&&': { kind: 'and' },
  OR: { kind: 'or' },
  '||': { kind: 'or' },
  NOT: { kind: 'not' },
}

/** Words and operators of the texts that were read so far. */
export interface LuceneSpent {
  luceneTokens: number
}

/** Throws a `SearchError` where Lucene's own lexer would fail, and when there are too many with those that were read before. Ends with an `end` token. */
export function toTokens(text: string, spent: LuceneSpent): readonly Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < text.length; ) {
    const blank = find(space, text, at)
    if (blank !== undefined) {
      at += blank[0].length
      continue
    }
    if (++spent.luceneTokens > limits.luceneTokens)
      throw refused(
        `more than ${limits.luceneTokens} words and operators in the query texts of one body; ask for fewer values, or in several requests`,
      )
    const [token, length] = tokenAt(text, at)
    tokens.push(token)
    at += length
  }
  tokens.push({ kind: 'end' })
  return tokens
}

function find(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

function tokenAt(text: string, at: number): [Token, number] {
  const first = text[at] ?? ''
  if (/[+\-!]/.test(first) && find(space, text, at + 1) !== undefined)
    return [{ kind: 'bare', raw: `\\${first}` }, 1]
  const known = Object.hasOwn(single, first) ? single[first] : undefined
  if (known !== undefined) return [known, 1]
  const found = markedToken(text, at) ?? wordToken(text, at)
  if (found === undefined)
    throw malformed(
      `Failed to parse query [${startOf(text)}]: unexpected [${first}] at character ${at}`,
    )
  return found
}

interface Mark {
  readonly pattern: RegExp
  readonly toToken: (found: RegExpExecArray) => Token
}

const rangeMark: Mark = { pattern: range, toToken: toRangeToken }
/** Tokens that are told by their first character. */
const marks: Readonly<Record<string, Mark>> = {
  '"': {
    pattern: phrase,
    toToken: ([, text = '']) => ({ kind: 'phrase', text: unescapeLucene(text) }),
  },
  '/': {
    pattern: regexp,
    toToken: ([, text = '']) => ({ kind: 'regexp', text: text.replaceAll('\\/', '/') }),
  },
  '[': rangeMark,
  '{': rangeMark,
  '^': { pattern: boost, toToken: () => ({ kind: 'boost' }) },
  '~': { pattern: fuzzy, toToken: () => ({ kind: 'fuzzy' }) },
}

function markedToken(text: string, at: number): [Token, number] | undefined {
  const first = text[at] ?? ''
  const mark = Object.hasOwn(marks, first) ? marks[first] : undefined
  const found = mark === undefined ? undefined : find(mark.pattern, text, at)
  return mark && found ? [mark.toToken(found), found[0].length] : undefined
}

function toRangeToken([, open, from = '', to = '', close]: RegExpExecArray): RangeToken {
  const bound = (text: string) => {
    if (text === '*') return undefined
    return unescapeLucene(text.startsWith('"') ? text.slice(1, -1) : text)
  }
  return {
    kind: 'range',
    from: bound(from),
    to: bound(to),
    fromInclusive: open === '[',
    toInclusive: close === ']',
  }
}

function wordToken(text: string, at: number): [Token, number] | undefined {
  const raw = find(word, text, at)?.[0]
  if (raw === undefined) return undefined
  const operator = Object.hasOwn(operators, raw) ? operators[raw] : undefined
  if (operator !== undefined) return [operator, raw.length]
  if (raw === '*') return [{ kind: 'star' }, 1]
  const plain = raw.replace(/\\[\s\S]/g, '__')
  const wild = plain.search(/[*?]/)
  const kind =
    wild < 0 ? 'term' : wild === plain.length - 1 && plain.endsWith('*') ? 'prefix' : 'wildcard'
  return [{ kind, raw }, raw.length]
}

const longestShown = 300

/** A query text as an error names it: it may hold ten thousand values. */
export const startOf = (text: string): string =>
  text.length > longestShown ? `${text.slice(0, longestShown)}…` : text

/** Resolves `\x` and `\uXXXX`. */
export function unescapeLucene(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, code?: string, char?: string) =>
    code === undefined ? (char ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  )
}
