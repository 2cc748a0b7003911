import { RE2JS } from 're2js'
import { fieldType } from '../field-types.ts'
import { toRe2 } from '../lucene-regex.ts'
import type { PatternQuery } from '../tree.ts'
import { matchesWildcard } from '../wildcard.ts'
import type { Matcher } from './matcher.ts'

export type TextTest = (value: string) => boolean

/** A pattern against each word of the message, or the whole of any other text. */
export function compilePattern(query: PatternQuery): Matcher {
  const { field } = query
  const test = compileTextTest(query)
  switch (fieldType(field)) {
    case 'text':
      return (record) => record.messageTerms().some(test)
    case 'keyword':
    case 'flattened':
      return (record) => {
        const value = record.get(field)
        return typeof value === 'string' && test(value)
      }
    default:
      return () => false
  }
}

/** Whether one whole value matches. */
export function compileTextTest({ type, value, caseInsensitive = false }: PatternQuery): TextTest {
  if (type === 'regexp') return compileRegex(value, caseInsensitive)
  const wanted = caseInsensitive ? value.toLowerCase() : value
  const test: TextTest =
    type === 'prefix' ? (text) => text.startsWith(wanted) : (text) => matchesWildcard(wanted, text)
  return caseInsensitive ? (text) => test(text.toLowerCase()) : test
}

/** RE2 runs in time linear in the text, whatever the expression. */
function compileRegex(pattern: string, caseInsensitive: boolean): TextTest {
  const flags = RE2JS.DOTALL | (caseInsensitive ? RE2JS.CASE_INSENSITIVE : 0)
  const compiled = RE2JS.compile(toRe2(pattern), flags)
  return (text) => compiled.matches(text)
}
