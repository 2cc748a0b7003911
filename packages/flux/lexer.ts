import { FluxError, notAccepted } from './flux-error.ts'

export type TokenType = 'identifier' | 'keyword' | 'string' | 'literal' | 'symbol' | 'end'

export interface Token {
  readonly type: TokenType
  /** Of a string what it stands for, of everything else what is written. */
  readonly text: string
  readonly at: number
  readonly end: number
}

const keywords: ReadonlySet<string> = new Set(
  'and or not empty in import package return option builtin test testcase if then else exists'.split(
    ' ',
  ),
)

const blank = /(?:[ \t\r\n]+|\/\/[^\n]*)*/y
const name = /[\p{L}_][\p{L}\p{Nd}_]*/uy
const time = /\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?/y
const duration = /(?:\d+(?:mo|ms|us|µs|ns|y|w|d|h|m|s))+/y
const number = /\d+(?:\.\d+)?|\.\d+/y
const symbol = /\|>|<-|=>|==|!=|<=|>=|=~|!~|[-+*/%^<>=()[\]{},:.?@]/y
const stringPart = /[^"\\$]+|\$(?!\{)|\\(?:[nrt"\\]|\$\{)/y
const regex = /\/(?:[^\\/\n]|\\[^\n])+\//y

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

export const failure = (text: string, at: number, message: string): FluxError => {
  const before = text.slice(0, at)
  const line = before.split('\n').length
  return new FluxError(`error @${line}:${at - before.lastIndexOf('\n')}: ${message}`, 'syntax')
}

const skipBlank = (text: string, from: number): number =>
  from + (match(blank, text, from)?.length ?? 0)

const escaped: Readonly<Record<string, string>> = {
  '\\n': '\n',
  '\\r': '\r',
  '\\t': '\t',
  '\\"': '"',
  '\\\\': '\\',
  '\\${': '${',
}

/** `"…"` of plain text and escapes. */
function scanString(text: string, at: number): Token {
  let value = ''
  let from = at + 1
  for (;;) {
    const part = match(stringPart, text, from)
    if (part === undefined) break
    value += escaped[part] ?? part
    from += part.length
  }
  if (text[from] !== '"') throw stringFailure(text, at, from)
  return { type: 'string', text: value, at, end: from + 1 }
}

function stringFailure(text: string, at: number, from: number): FluxError {
  if (text[from] === undefined) return failure(text, at, 'string is not closed')
  if (text[from] === '\\') return failure(text, from, 'unknown escape in a string')
  // Its value would be known only when the program runs.
  return notAccepted('interpolation within a string')
}

/** The token at or after an offset. A slash is division: where a value is wanted, ask for `scanRegex` first. */
export function scanToken(text: string, from: number): Token {
  const at = skipBlank(text, from)
  if (at >= text.length) return { type: 'end', text: 'end of program', at, end: at }
  if (text[at] === '"') return scanString(text, at)
  const word = match(name, text, at)
  if (word !== undefined)
    return {
      type: keywords.has(word) ? 'keyword' : 'identifier',
      text: word,
      at,
      end: at + word.length,
    }
  const literal = match(time, text, at) ?? match(duration, text, at) ?? match(number, text, at)
  if (literal !== undefined) return { type: 'literal', text: literal, at, end: at + literal.length }
  const sign = match(symbol, text, at)
  if (sign === undefined) throw failure(text, at, `unexpected ${JSON.stringify(text[at])}`)
  return { type: 'symbol', text: sign, at, end: at + sign.length }
}

export function scanRegex(text: string, from: number): Token | undefined {
  const at = skipBlank(text, from)
  const found = match(regex, text, at)
  return found === undefined
    ? undefined
    : { type: 'literal', text: found, at, end: at + found.length }
}
