import { keywordOf } from './keywords.ts'
import { scanQuoted } from './quoted-text.ts'
import type { Token } from './token.ts'

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

/** A comment of a line takes the line feed with it. */
function skipComment(text: string, at: number): number | undefined {
  if (text.startsWith('--', at)) {
    const end = text.indexOf('\n', at)
    return end < 0 ? text.length : end + 1
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

/** The blanks, or the one comment, that start at `at`; undefined when a token does. */
export function scanGap(text: string, at: number): Token | undefined {
  const end = skipBlanks(text, at)
  if (end > at) return { type: 'blank', text: text.slice(at, end), at, end }
  const commentEnd = skipComment(text, at)
  return commentEnd === undefined ? undefined : { type: 'comment', text: '', at, end: commentEnd }
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
  const point = skipWhile(text, start, isDigit)
  if (text[point] === '.') {
    const end = skipWhile(text, point + 1, isDigit)
    // The text of `1.` is without its point.
    const textEnd = end === point + 1 ? point : end
    return { type: 'number', text: text.slice(start, textEnd), at: start, end }
  }
  if (!isUnit(text.charCodeAt(point)))
    return { type: 'integer', text: text.slice(start, point), at: start, end: point }
  const end = skipWhile(text, point, (code) => isUnit(code) || isDigit(code))
  return { type: 'duration', text: text.slice(start, end), at: start, end }
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

/** Whether the reference's reader has met the end already with what stands before it: a name, blanks or a comment that only the end has ended. Nothing but blanks and comments follows `from`, the end of the token that starts at `previous`. */
function hasMetEnd(text: string, from: number, previous: number): boolean {
  const last = text.charCodeAt(text.length - 1)
  if (from === text.length) return isName(last) && !isNumberStart(text, previous)
  for (let at = from; ; ) {
    const gap = scanGap(text, at)
    if (gap === undefined) return false
    if (gap.end === text.length)
      return gap.type === 'blank' || (text.startsWith('--', at) && last !== 10)
    at = gap.end
  }
}

/** The reference's reader counts the end twice once it has met it. */
function scanEnd(text: string, from: number, previous: number): Token {
  const end = text.length
  return { type: 'end', text: '', at: hasMetEnd(text, from, previous) ? end + 1 : end, end }
}

/** A number may start with its dot. */
function isNumberStart(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return isDigit(code) || code === 46
}

/** The token at or after `from`, where the one that starts at `previous` ends; blanks and comments are passed over. The text has no control characters but tab and LF. */
export function scanToken(text: string, from: number, previous: number): Token {
  const at = skipIgnored(text, from)
  if (at >= text.length) return scanEnd(text, from, previous)
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
