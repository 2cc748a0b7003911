import { analyse } from '../../analyse.ts'
import { fieldType } from '../../field-types.ts'
import { foldAscii } from '../../fold-ascii.ts'
import type { MatchPhraseQuery, MatchQuery, Scalar, TermQuery, TermsQuery } from '../../tree.ts'
import type { Matcher, RecordView } from '../record-view.ts'
import { compileRange } from './match-range.ts'
import { Phrase } from './phrase.ts'

const none: Matcher = () => false

/** `term` and `terms`: the value as it is, against one word of the message or the whole of any other field. */
export function compileTerms(query: TermQuery | TermsQuery, nowMs: number): Matcher {
  const { field } = query
  const values = query.type === 'term' ? [query.value] : query.values
  if (query.type === 'term' && query.caseInsensitive === true && isWords(field))
    return caseInsensitive(field, foldAscii(String(query.value)))
  return valueMatcher(field, values, nowMs)
}

function isWords(field: string): boolean {
  const type = fieldType(field)
  return type === 'text' || type === 'keyword' || type === 'flattened'
}

function caseInsensitive(field: string, wanted: string): Matcher {
  if (fieldType(field) === 'text') return (record) => record.messageTerms().includes(wanted)
  return (record) => foldAscii(String(record.get(field) ?? '')) === wanted
}

function valueMatcher(field: string, values: readonly Scalar[], nowMs: number): Matcher {
  switch (fieldType(field)) {
    case undefined:
      return none
    case 'text':
      return wordMatcher(new Set(values.map(String)))
    case 'long':
      return setMatcher(field, new Set(values.map(Number)))
    case 'date':
      return dateMatcher(field, values, nowMs)
    case 'keyword':
    case 'flattened':
      return setMatcher(field, new Set(values.map(String)))
  }
}

function wordMatcher(wanted: ReadonlySet<string>): Matcher {
  const [only] = wanted
  if (wanted.size === 1 && only !== undefined)
    return (record) => record.messageTerms().includes(only)
  return (record) => record.messageTerms().some((word) => wanted.has(word))
}

function setMatcher(field: string, wanted: ReadonlySet<string | number>): Matcher {
  const [only] = wanted
  if (wanted.size === 1) return (record) => record.get(field) === only
  return (record) => {
    const value = record.get(field)
    return value !== undefined && wanted.has(value)
  }
}

/** A date written to the day means the whole day. */
function dateMatcher(field: string, values: readonly Scalar[], nowMs: number): Matcher {
  const spans = values.map((value) => {
    const text = typeof value === 'number' ? value : String(value)
    return compileRange({ type: 'range', field, gte: text, lte: text }, nowMs)
  })
  return (record) => spans.some((inside) => inside(record))
}

/** So many are looked for one after the other: each reads the message again, but no set is made of it. */
const fewWords = 8

/** `match`: the words of the text, any or all of them; other fields as `term`. */
export function compileMatch({ field, query, operator }: MatchQuery, nowMs: number): Matcher {
  if (fieldType(field) !== 'text') return valueMatcher(field, [query], nowMs)
  const words = [...new Set(analyse(String(query)))]
  if (words.length === 0) return none
  if (operator === 'or') return wordMatcher(new Set(words))
  if (words.length <= fewWords)
    return (record) => {
      const terms = record.messageTerms()
      return words.every((word) => terms.includes(word))
    }
  return (record) => {
    const terms = new Set(record.messageTerms())
    return words.every((word) => terms.has(word))
  }
}

/** `match_phrase`: the words of the text one after the other; other fields as `term`. */
export function compilePhrase({ field, query }: MatchPhraseQuery, nowMs: number): Matcher {
  if (fieldType(field) !== 'text') return valueMatcher(field, [query], nowMs)
  const words = analyse(String(query))
  if (words.length === 0) return none
  const phrase = new Phrase(words)
  return (record: RecordView) => phrase.placesIn(record.messageTerms(), 1).length > 0
}
