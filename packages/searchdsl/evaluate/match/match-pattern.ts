import { fieldType } from '../../field-types.ts'
import { foldAscii } from '../../fold-ascii.ts'
import { compileRegex } from '../../lucene/regex.ts'
import type { PatternQuery } from '../../tree.ts'
import { matchesWildcard } from '../../wildcard.ts'
import type { Matcher } from '../record-view.ts'

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
    case 'date':
    case 'long':
    case undefined:
      return () => false
  }
}

/** Whether one whole value matches. */
export function compileTextTest({ type, value, caseInsensitive = false }: PatternQuery): TextTest {
  if (type === 'regexp') {
    const expression = compileRegex(value, caseInsensitive)
    return (text) => expression.matches(text)
  }
  const wanted = caseInsensitive ? foldAscii(value) : value
  const test: TextTest =
    type === 'prefix' ? (text) => text.startsWith(wanted) : (text) => matchesWildcard(wanted, text)
  return caseInsensitive ? (text) => test(foldAscii(text)) : test
}
