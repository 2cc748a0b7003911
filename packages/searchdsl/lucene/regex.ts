import { expandedLength } from '@warren/platform/re2-length'
import { RE2JS } from 're2js'
import { malformed, refused } from '../errors.ts'
import { limits } from '../limits.ts'

/** Lucene's optional operators: outside the subset because other engines read these characters as themselves. */
const operators = new Set(['~', '&', '@', '<', '#', '"'])

interface Re2 {
  readonly source: string
  readonly expandedLength: number
}

/** Translates Lucene's regular expressions (https://www.elastic.co/docs/reference/query-languages/query-dsl/regexp-syntax)
 *  to RE2's syntax: no anchors, no groups to refer to, linear time. Throws a `SearchError` for what is outside the subset. */
function toRe2(pattern: string, finish = (piece: string): string => piece): Re2 {
  let out = ''
  let depth = 0
  for (let at = 0; at < pattern.length; ) {
    const token = tokenAt(pattern, at)
    at += token.length
    if (token === '(') depth++
    if (token === ')' && --depth < 0)
      throw malformed(`regular expression [${pattern}]: unexpected [)]`)
    out += finish(translate(token, pattern))
    if (/^[?*+]|^\{/.test(token) && /^[?*+{]/.test(pattern.slice(at)))
      throw refused(`regular expression [${pattern}]: a repetition of a repetition is not accepted`)
  }
  if (depth !== 0) throw malformed(`regular expression [${pattern}]: missing [)]`)
  const length = expandedLength(out)
  if (length > limits.expandedPattern)
    throw refused(
      `regular expression [${pattern}]: longer than ${limits.expandedPattern} characters with its repetitions written out`,
    )
  return { source: out, expandedLength: length }
}

/** How long it is with its repetitions written out. Throws a `SearchError` when it is outside the subset, as far as that is known before it is compiled. */
export function regexLength(pattern: string): number {
  return toRe2(pattern).expandedLength
}

/** Runs in time linear in the text, whatever the expression. Throws a `SearchError` when it is outside the subset. */
export function compileRegex(pattern: string, caseInsensitive: boolean): RE2JS {
  const { source } = toRe2(pattern, caseInsensitive ? inBothCases : undefined)
  try {
    return RE2JS.compile(source, RE2JS.DOTALL)
  } catch (error) {
    throw malformed(`regular expression [${pattern}]: ${reasonOf(error)}`)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'cannot be read'
}

const tokens = /\\[\s\S]|\[\^?(?:\\[\s\S]|[^\\\]])+\]|\{\d{1,3}(?:,\d{0,3})?\}|[\s\S]/uy

function tokenAt(pattern: string, at: number): string {
  tokens.lastIndex = at
  const token = tokens.exec(pattern)?.[0]
  if (token === undefined) throw malformed(`regular expression [${pattern}]: cannot be read`)
  return token
}

function translate(token: string, pattern: string): string {
  const first = token[0] ?? ''
  if (operators.has(token))
    throw refused(`regular expression [${pattern}]: operator [${token}] is not accepted; escape it`)
  if (first === '\\' && token.length > 1) return translateEscape(token.slice(1))
  if (first === '[' && token.length > 1) return translateClass(token)
  if (token === '(') return '(?:'
  if (first === '{' && token.length > 1) return token
  if (token === '[' || token === '{' || token === '\\')
    throw malformed(`regular expression [${pattern}]: unexpected [${token}]`)
  if ('.?*+|)'.includes(token)) return token
  return literal(token)
}

function translateEscape(char: string): string {
  return 'dDwWsS'.includes(char) ? `\\${char}` : literal(char)
}

function literal(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}&-]/g, '\\$&')
}

function translateClass(token: string): string {
  const negated = token[1] === '^'
  const body = token.slice(negated ? 2 : 1, -1)
  const out = body.replace(/\\([\s\S])|([\s\S])/gu, (_, escaped?: string, plain?: string) => {
    if (escaped !== undefined) return translateEscape(escaped)
    return plain === '-' ? '-' : literal(plain ?? '')
  })
  return `[${negated ? '^' : ''}${out}]`
}

const classParts = /(?:\\.|[^\\])-(?:\\.|.)|\\.|./gsu

/** A letter or a class of letters as Lucene takes them in any case: both cases of ASCII's own, and ranges as they are. */
function inBothCases(translated: string): string {
  if (/^[A-Za-z]$/.test(translated)) return `[${bothCases(translated)}]`
  const start = /^\[\^?/.exec(translated)?.[0]
  if (start === undefined) return translated
  return start + translated.slice(start.length).replace(classParts, bothCases)
}

function bothCases(part: string): string {
  return /^[A-Za-z]$/.test(part) ? part.toLowerCase() + part.toUpperCase() : part
}
