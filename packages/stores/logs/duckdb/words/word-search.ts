import { hashText } from '@warren/platform/hash-text'
import { requiredWords } from '@warren/searchdsl/evaluate/match/prune'
import type { Query } from '@warren/searchdsl/tree'
import { type AnyOfWords, exactSql, type SqlScope } from '../exact-sql.ts'
import { prefilterSql } from '../prefilter-sql.ts'

/** What words can do for a search: in rows whose words are indexed. */
export interface WordSearch {
  /** All that the query names, when with them SQL decides what matches; else undefined. */
  readonly deciding: readonly number[] | undefined
  /** Those that every match has, the longest first: they are the rarest, most of the time. */
  readonly required: readonly number[]
  /** What decides, of `deciding`. */
  readonly decision: (anyOf: AnyOfWords) => string
  /** What every match satisfies beside its words. */
  readonly rest: string
}

/** Undefined when they can do nothing. */
export function wordSearchOf(query: Query, scope: SqlScope): WordSearch | undefined {
  const named = new Set<number>()
  const note: AnyOfWords = (words) => {
    for (const word of words) named.add(hashText(word))
    return 'true'
  }
  const isDecided = exactSql(query, scope, note) !== undefined
  const required = [...requiredWords(query)].sort((a, b) => b.length - a.length).map(hashText)
  if (!isDecided && required.length === 0) return undefined
  return {
    deciding: isDecided ? [...named] : undefined,
    required,
    decision: (anyOf) => exactSql(query, scope, anyOf) ?? 'false',
    rest: prefilterSql(query, scope, { ofMessage: false }),
  }
}
