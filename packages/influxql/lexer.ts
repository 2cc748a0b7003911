import { keywordOf } from './keywords.ts'
import { scanQuoted } from './quoted-text.ts'
import type { Token, TokenType } from './token.ts'

const isDigit = (code: number) => code >= 48 && code <= 57
const isLetter = (code: number) => (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
const isNameStart = (code: number) => isLetter(code) || code === 95
const isName = (code: number) => isNameStart(code) || isDigit(code)
const isSpace = (code: number) => code === 32 || code === 9 || code === 10
// U+00B5, the micro sign.
const isUnit = (code: number) => isLetter(code) || code === 0xb5

const twoCharacters = new Set(['=~', '!=', '!~', '>=', '<=', '<>', '::'])
const oneCharacter = new Set([...'.+-*/%&|^=><(),;:'])

/** Offset of the first character at or after `from` that is not a blank. */
export function skipBlanks(text: string, from: number): number {
  let at = from
  while (isSpace(text.charCodeAt(at))) at++
  return at
}

function skipComment(text: string, at: number): number | undefined {
  if (text.startsWith('--', at)) {
    const end = text.indexOf('\n', at)
    return end < 0 ? text.length : end
  }
  if (!text.startsWith('/*', at)) return undefined
  const end = text.indexOf('*/', at + 2)
  return end < 0 ? undefined : end + 2
}

/** Offset of the first character at or after `from` that is neither blank nor comment. */
function skipIgnored(text: string, from: number): number {
  for (let at = skipBlanks(text, from); ; ) {
    const end = skipComment(text, at)
    if (end === undefined) return at
    at = skipBlanks(text, end)
  }
}

function scanName(text: string, start: number, mayBeKeyword: boolean): Token {
  let end = start
  while (isName(text.charCodeAt(end))) end++
  // The reference drops a bare name that is glued to a quoted one: cpu"secret" is secret.
  if (text[end] === '"') {
    const token = scanQuoted(text, end, 'identifier')
    return token.type === 'illegal' ? token : { ...token, at: start }
  }
  const word = text.slice(start, end)
  const keyword = mayBeKeyword ? keywordOf(word) : undefined
  return keyword === undefined
    ? { type: 'identifier', text: word, at: start, end }
    : { type: 'keyword', text: keyword, at: start, end }
}

function skipWhile(text: string, from: number, test: (code: number) => boolean): number {
  let at = from
  while (test(text.charCodeAt(at))) at++
  return at
}

function scanNumber(text: string, start: number): Token {
  let end = skipWhile(text, start, isDigit)
  let type: TokenType = 'integer'
  if (text[end] === '.') {
    type = 'number'
    end = skipWhile(text, end + 1, isDigit)
  } else if (isUnit(text.charCodeAt(end))) {
    type = 'duration'
    end = skipWhile(text, end, (code) => isUnit(code) || isDigit(code))
  }
  return { type, text: text.slice(start, end), at: start, end }
}

function scanParameter(text: string, start: number): Token {
  const name = scanName(text, start + 1, false)
  const type = name.type === 'identifier' ? 'parameter' : 'illegal'
  return { type, text: `$${name.text}`, at: start, end: name.end }
}

function scanSymbol(text: string, at: number): Token {
  const two = text.slice(at, at + 2)
  if (twoCharacters.has(two))
    return { type: 'symbol', text: two === '<>' ? '!=' : two, at, end: at + 2 }
  const one = String.fromCodePoint(text.codePointAt(at) ?? 0)
  // Only a comment that never ends comes here with this prefix.
  if (two === '/*') return { type: 'illegal', text: 'ILLEGAL', at, end: text.length }
  const type = oneCharacter.has(one) ? 'symbol' : 'illegal'
  return { type, text: one, at, end: at + one.length }
}

/** The reference's reader counts the end twice after what only the end has ended. */
function endOf(text: string): number {
  const last = text.charCodeAt(text.length - 1)
  return text.length + (isName(last) || isSpace(last) ? 1 : 0)
}

/** The token at or after `from`; blanks and comments are passed over. The text has no control characters but tab and LF. */
export function scanToken(text: string, from: number): Token {
  const at = skipIgnored(text, from)
  if (at >= text.length) return { type: 'end', text: '', at: endOf(text), end: at }
  const code = text.charCodeAt(at)
  if (isNameStart(code)) return scanName(text, at, true)
  if (isDigit(code) || (code === 46 && isDigit(text.charCodeAt(at + 1))))
    return scanNumber(text, at)
  if (code === 34) return scanQuoted(text, at, 'identifier')
  if (code === 39) {
    const token = scanQuoted(text, at, 'string')
    return token.type === 'illegal' ? token : { ...token, at: Math.max(0, at - 1) }
  }
  if (code === 36) return scanParameter(text, at)
  return scanSymbol(text, at)
}

/** Whether a dot at this offset separates names rather than starts a number. */
export function isDot(text: string, at: number): boolean {
  return text[at] === '.' && !isDigit(text.charCodeAt(at + 1))
}

/** Whether the name can be written without quotes. */
export function isBareName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && keywordOf(name) === undefined
}
