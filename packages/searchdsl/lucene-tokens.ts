import { malformed } from './errors.ts'

/** Tokens of Lucene's classic query syntax: https://lucene.apache.org/core/9_12_0/queryparser/org/apache/lucene/queryparser/classic/package-summary.html */
export type Token =
  | { readonly kind: 'and' | 'or' | 'not' | 'plus' | 'minus' | 'open' | 'close' | 'colon' | 'end' }
  /** Text as written, escapes kept. A lone operator between spaces is a term too. */
  | { readonly kind: 'term' | 'prefix' | 'wildcard'; readonly raw: string }
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

/** Throws a `SearchError` where Lucene's own lexer would fail. Ends with an `end` token. */
export function toTokens(text: string): readonly Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < text.length; ) {
    const blank = find(space, text, at)
    if (blank !== undefined) {
      at += blank[0].length
      continue
    }
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
    return [{ kind: 'term', raw: `\\${first}` }, 1]
  const known = Object.hasOwn(single, first) ? single[first] : undefined
  if (known !== undefined) return [known, 1]
  const found = quotedToken(text, at) ?? wordToken(text, at)
  if (found === undefined)
    throw malformed(
      `Failed to parse query [${startOf(text)}]: unexpected [${first}] at character ${at}`,
    )
  return found
}

function quotedToken(text: string, at: number): [Token, number] | undefined {
  const quoted = find(phrase, text, at)
  if (quoted !== undefined)
    return [{ kind: 'phrase', text: unescapeLucene(quoted[1] ?? '') }, quoted[0].length]
  const expression = find(regexp, text, at)
  if (expression !== undefined)
    return [
      { kind: 'regexp', text: (expression[1] ?? '').replaceAll('\\/', '/') },
      expression[0].length,
    ]
  const bounds = find(range, text, at)
  if (bounds !== undefined) return [toRangeToken(bounds), bounds[0].length]
  const weight = find(boost, text, at)
  if (weight !== undefined) return [{ kind: 'boost' }, weight[0].length]
  const distance = find(fuzzy, text, at)
  return distance === undefined ? undefined : [{ kind: 'fuzzy' }, distance[0].length]
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
