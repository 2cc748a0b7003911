import { refused } from './errors.ts'
import { limits } from './limits.ts'
import type { Query } from './tree.ts'

/** What one search has used of its limits; parsing adds to it. */
export interface Spent {
  clauses: number
  /** Exact values of Lucene texts; alternatives among them become one clause. */
  values: number
  patterns: number
  aggregations: number
}

export function nothingSpent(): Spent {
  return { clauses: 0, values: 0, patterns: 0, aggregations: 0 }
}

/** Counts a query node and returns it; throws a `SearchError` above the limit. */
export function spend<T extends Query>(query: T, spent: Spent): T {
  if (++spent.clauses > limits.clauses)
    throw refused(`more than ${limits.clauses} clauses in one search`)
  if (query.type !== 'prefix' && query.type !== 'wildcard' && query.type !== 'regexp') return query
  if (++spent.patterns > limits.patterns)
    throw refused(`more than ${limits.patterns} wildcards and regular expressions in one search`)
  if (query.value.length > limits.patternLength)
    throw refused(`a pattern longer than ${limits.patternLength} characters is not accepted`)
  return query
}

/** Counts one of the values of a variable and returns it; throws a `SearchError` above the limit. */
export function spendValue<T extends Query>(query: T, spent: Spent): T {
  if (++spent.values > limits.values)
    throw refused(`more than ${limits.values} values in one search`)
  return query
}
