import { RE2JS } from 're2js'
import { malformed, refused } from './errors.ts'
import { limits } from './limits.ts'

/** Lucene's optional operators: outside the subset because other engines read these characters as themselves. */
const operators = new Set(['~', '&', '@', '<', '#', '"'])

/** Translates Lucene's regular expressions (https://www.elastic.co/docs/reference/query-languages/query-dsl/regexp-syntax)
 *  to RE2's syntax: no anchors, no groups to refer to, linear time. Throws a `SearchError` for what is outside the subset. */
function toRe2(pattern: string): string {
  let out = ''
  let depth = 0
  const length = new ExpandedLength()
  for (let at = 0; at < pattern.length; ) {
    const token = tokenAt(pattern, at)
    at += token.length
    if (token === '(') depth++
    if (token === ')' && --depth < 0)
      throw malformed(`regular expression [${pattern}]: unexpected [)]`)
    out += translate(token, pattern)
    length.add(token)
    if (/^[?*+]|^\{/.test(token) && /^[?*+{]/.test(pattern.slice(at)))
      throw refused(`regular expression [${pattern}]: a repetition of a repetition is not accepted`)
  }
  if (depth !== 0) throw malformed(`regular expression [${pattern}]: missing [)]`)
  if (length.total > limits.expandedPattern)
    throw refused(
      `regular expression [${pattern}]: longer than ${limits.expandedPattern} characters with its repetitions written out`,
    )
  return out
}

/** How long an expression is with its repetitions written out: what compiling it takes, and a step of a match may. */
class ExpandedLength {
  /** Of each group that is open. */
  readonly #open = [0]
  #last = 0

  add(token: string): void {
    const times = /^\{(\d+)(?:,(\d*))?\}$/.exec(token)
    if (token === '(') this.#open.push(0)
    else if (token === ')') this.#grow(this.#open.pop() ?? 0)
    else if (times !== null)
      this.#grow(this.#last * (Math.max(1, Number(times[1]), Number(times[2] ?? 0)) - 1))
    else this.#grow(1)
  }

  #grow(by: number): void {
    this.#last = by
    this.#open.push((this.#open.pop() ?? 0) + by)
  }

  get total(): number {
    return this.#open[0] ?? 0
  }
}

/** Runs in time linear in the text, whatever the expression. Throws a `SearchError` when it is outside the subset. */
export function compileRegex(pattern: string, caseInsensitive: boolean): RE2JS {
  const translated = toRe2(pattern)
  try {
    return RE2JS.compile(translated, RE2JS.DOTALL | (caseInsensitive ? RE2JS.CASE_INSENSITIVE : 0))
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
