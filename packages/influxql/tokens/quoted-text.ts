import type { Token } from './token.ts'

const escapes: Readonly<Record<string, string>> = { n: '\n', '\\': '\\', "'": "'", '"': '"' }

/** A string or a quoted name that starts at `start` with its quote. Not closed on its line, or with another escape: illegal, at the offsets of the reference (before the quote, after the backslash). */
export function scanQuoted(text: string, start: number, type: 'identifier' | 'string'): Token {
  const quote = text[start]
  let value = ''
  let from = start + 1
  let at = from
  for (; at < text.length && text[at] !== '\n'; at++) {
    const char = text[at]
    if (char === quote) return { type, text: value + text.slice(from, at), at: start, end: at + 1 }
    if (char !== '\\') continue
    const escaped = escapes[text[at + 1] ?? '']
    if (escaped === undefined) return badEscape(text, at)
    value += text.slice(from, at) + escaped
    at++
    from = at + 1
  }
  const rest = value + text.slice(from, at)
  return { type: 'illegal', text: rest, at: Math.max(0, start - 1), end: text.length }
}

/** At the end the reference takes a NUL for the character after the backslash. */
function badEscape(text: string, at: number): Token {
  const pair = `\\${String.fromCodePoint(text.codePointAt(at + 1) ?? 0)}`
  return { type: 'illegal', text: pair, at: at + 1, end: Math.min(at + 2, text.length) }
}

/** A regex that starts at `start` with its slash; undefined when it is not closed on its line. */
export function scanRegex(
  text: string,
  start: number,
): { readonly source: string; readonly end: number } | undefined {
  let source = ''
  let from = start + 1
  for (let at = from; at < text.length; at++) {
    const char = text[at]
    if (char === '/') return { source: source + text.slice(from, at), end: at + 1 }
    if (char === '\n') return undefined
    // As in the reference a backslash escapes a slash even after another backslash.
    if (char === '\\' && text[at + 1] === '/') {
      source += text.slice(from, at)
      from = at + 1
      at++
    }
  }
  return undefined
}
