import { requiredTerms, requiredValues, timeRangeOf } from '@warren/searchdsl/evaluate/prune'
import type { Query } from '@warren/searchdsl/tree'
import { exactSql, keywordIn, quoted, type SqlScope, timeBetween } from './exact-sql.ts'

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
  for (const term of ofMessage ? requiredTerms(query) : []) {
    // Beyond ASCII the two lower-case differently.
    if (ascii.test(term)) parts.push(`contains(lower(message), ${quoted(term)})`)
  }
  return parts.join(' AND ')
}
