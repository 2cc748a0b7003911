import { analyse } from '../../analyse.ts'
import { fieldType } from '../../field-types.ts'
import { leastShould } from '../../least-should.ts'
import type { Query } from '../../tree.ts'
import { longestLiteral } from '../../wildcard.ts'
import { dateBounds } from './match-range.ts'

/** What every match has, for a store to skip files and rows before the matcher runs. All of it is necessary, none of it sufficient. */

/** The parts of a query that every match satisfies. */
function conjuncts(query: Query): readonly Query[] {
  if (query.type !== 'bool') return [query]
  const { must, filter, should } = query
  const only = should[0]
  const single = only !== undefined && should.length === 1 && leastShould(query) >= 1
  return [...must, ...filter, ...(single ? [only] : [])].flatMap(conjuncts)
}

/** Inclusive bounds on `@timestamp`, in milliseconds; infinite where open. */
export function timeRangeOf(query: Query, nowMs: number): { minMs: number; maxMs: number } {
  let [minMs, maxMs] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (const part of conjuncts(query)) {
    if (part.type !== 'range' || part.field !== '@timestamp') continue
    const bounds = dateBounds(part, nowMs)
    minMs = Math.max(minMs, bounds.minMs)
    maxMs = Math.min(maxMs, bounds.maxMs)
  }
  return { minMs, maxMs }
}

/** Lower-cased texts that the lower-cased `message` of every match contains. */
export function requiredTerms(query: Query): readonly string[] {
  return [...new Set(conjuncts(query).flatMap(literalsOf))].filter((text) => text !== '')
}

function literalsOf(query: Query): readonly string[] {
  if (!('field' in query) || fieldType(query.field) !== 'text') return []
  switch (query.type) {
    case 'term':
      return [String(query.value).toLowerCase()]
    case 'match': {
      const words = analyse(String(query.query))
      return query.operator === 'and' || words.length === 1 ? words : []
    }
    case 'match_phrase':
      return analyse(String(query.query))
    case 'prefix':
      return [query.value.toLowerCase()]
    case 'wildcard':
      return [longestLiteral(query.value).toLowerCase()]
    case 'exists':
    case 'range':
    case 'regexp':
    case 'terms':
      return []
  }
}

/** Words that the message of every match has. */
export function requiredWords(query: Query): ReadonlySet<string> {
  return new Set(conjuncts(query).flatMap(wordsOf))
}

function wordsOf(query: Query): readonly string[] {
  if (!('field' in query) || fieldType(query.field) !== 'text') return []
  // A word of the message is in lower case, which `term` does not see to.
  if (query.type === 'term' && query.caseInsensitive !== true) return [String(query.value)]
  const hasParts = query.type === 'prefix' || query.type === 'wildcard'
  return hasParts ? [] : literalsOf(query)
}

/** Keyword fields that in every match have one of these values. */
export function requiredValues(query: Query): ReadonlyMap<string, readonly string[]> {
  const required = new Map<string, readonly string[]>()
  for (const part of conjuncts(query)) {
    const values = keywordValues(part)
    if (values === undefined) continue
    const before = required.get(values.field)
    const both = before?.filter((value) => values.values.includes(value)) ?? values.values
    required.set(values.field, both)
  }
  return required
}

function keywordValues(query: Query): { field: string; values: readonly string[] } | undefined {
  if (!('field' in query) || fieldType(query.field) !== 'keyword') return undefined
  const { field } = query
  switch (query.type) {
    case 'term':
      return query.caseInsensitive === true ? undefined : { field, values: [String(query.value)] }
    case 'terms':
      return { field, values: query.values.map(String) }
    case 'match':
    case 'match_phrase':
      return { field, values: [String(query.query)] }
    case 'exists':
    case 'prefix':
    case 'range':
    case 'regexp':
    case 'wildcard':
      return undefined
  }
}
