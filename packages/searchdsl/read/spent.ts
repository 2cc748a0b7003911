import { hasMoreWords } from '../analyse.ts'
import { refused } from '../errors.ts'
import { fieldType } from '../field-types.ts'
import { limits } from '../limits.ts'
import { compileRegex, regexLength } from '../lucene/regex.ts'
import type { LuceneSpent } from '../lucene/tokens.ts'
import type { MatchPhraseQuery, MatchQuery, PatternQuery, Query } from '../tree.ts'
import type { JsonSpent } from './strict-json.ts'

/** What a body has used of its limits in all of its searches. */
export interface BodySpent extends JsonSpent, LuceneSpent {
  /** Regular expressions that were compiled: what several searches have in common counts once. */
  readonly regexes: Set<string>
  /** Of these together, their repetitions written out. */
  regexCharacters: number
}

export function nothingSpentOfBody(): BodySpent {
  return { jsonValues: 0, regexes: new Set(), regexCharacters: 0, luceneTokens: 0 }
}

/** What one search has used of its limits; parsing adds to it. */
export interface Spent {
  clauses: number
  /** Exact values of Lucene texts; alternatives among them become one clause. */
  values: number
  patterns: number
  aggregations: number
  readonly body: BodySpent
}

export function nothingSpent(body: BodySpent = nothingSpentOfBody()): Spent {
  return { clauses: 0, values: 0, patterns: 0, aggregations: 0, body }
}

/** Counts a query node and returns it; throws a `SearchError` above the limit. */
export function spend<T extends Query>(query: T, spent: Spent): T {
  if (++spent.clauses > limits.clauses)
    throw refused(`more than ${limits.clauses} clauses in one search`)
  if (query.type === 'match' || query.type === 'match_phrase') checkWords(query)
  if (query.type !== 'prefix' && query.type !== 'wildcard' && query.type !== 'regexp') return query
  if (++spent.patterns > limits.patterns)
    throw refused(`more than ${limits.patterns} wildcards and regular expressions in one search`)
  checkPatternLength(query.value)
  if (query.type === 'regexp') spendRegex(query, spent.body)
  return query
}

export function checkPatternLength(pattern: string): void {
  if (pattern.length > limits.patternLength)
    throw refused(`a pattern longer than ${limits.patternLength} characters is not accepted`)
}

function checkWords({ type, field, query }: MatchQuery | MatchPhraseQuery): void {
  const text = String(query)
  // A word has a character at least.
  if (text.length <= limits.words || fieldType(field) !== 'text') return
  if (hasMoreWords(text, limits.words))
    throw refused(
      `[${type}] with more than ${limits.words} words is not accepted; the first of them will do`,
    )
}

/** Throws a `SearchError` for what no store can run as well, before one is asked. */
function spendRegex({ value, caseInsensitive = false }: PatternQuery, body: BodySpent): void {
  const known = `${caseInsensitive} ${value}`
  if (body.regexes.has(known)) return
  const characters = body.regexCharacters + regexLength(value)
  if (characters > limits.expandedPatterns)
    throw refused(
      `the regular expressions of a body are longer than ${limits.expandedPatterns} characters together, their repetitions written out; ask for values or prefixes, or in several requests`,
    )
  body.regexCharacters = characters
  compileRegex(value, caseInsensitive)
  body.regexes.add(known)
}

/** Counts one of the values of a variable and returns it; throws a `SearchError` above the limit. */
export function spendValue<T extends Query>(query: T, spent: Spent): T {
  if (++spent.values > limits.values)
    throw refused(`more than ${limits.values} values in one search`)
  return query
}
