import { requiredTerms, requiredValues, timeRangeOf } from '@warren/searchdsl/evaluate/match/prune'
import type { Query } from '@warren/searchdsl/tree'
import { exactSql, keywordIn, quoted, type SqlScope, timeBetween } from './exact-sql.ts'

/** Words that rows are looked through for before they are read, the longest: they are the rarest, most of the time. Thousands take longer than what they leave out. */
const mostTerms = 32

const ascii = /^[\x21-\x7e]+$/

interface Wish {
  /** Also of what must be in the message. */
  readonly ofMessage: boolean
}

/** A condition that every match satisfies; the matcher decides about the rows it leaves. */
export function prefilterSql(
  query: Query,
  scope: SqlScope,
  { ofMessage }: Wish = { ofMessage: true },
): string {
  const exact = exactSql(query, scope)
  if (exact !== undefined) return exact
  const parts = [timeBetween(timeRangeOf(query, scope.nowMs))]
  for (const [field, values] of requiredValues(query)) {
    const condition = keywordIn(field, values, scope)
    if (condition !== undefined) parts.push(condition)
  }
  if (ofMessage)
    for (const term of longestTerms(query)) parts.push(`contains(lower(message), ${quoted(term)})`)
  return parts.join(' AND ')
}

function longestTerms(query: Query): readonly string[] {
  // Beyond ASCII the two lower-case differently.
  const terms = requiredTerms(query).filter((term) => ascii.test(term))
  if (terms.length <= mostTerms) return terms
  return terms.toSorted((a, b) => b.length - a.length).slice(0, mostTerms)
}
