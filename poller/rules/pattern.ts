import { RE2JS } from 're2js'

export const maxPatternChars = 200

/** A regular expression of a user: RE2's language, so that no text makes it slow. Throws what is wrong. https://github.com/google/re2/wiki/Syntax */
export const compilePattern = (text: string): RE2JS => RE2JS.compile(text)

/** Replaces every match; the replacement is text, without groups. */
export function replacer(pattern: string, replacement: string): (text: string) => string {
  const compiled = compilePattern(pattern)
  const literal = RE2JS.quoteReplacement(replacement)
  return (text) => compiled.matcher(text).replaceAll(literal)
}
