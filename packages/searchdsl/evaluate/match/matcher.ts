import { fieldType } from '../../field-types.ts'
import { leastShould } from '../../least-should.ts'
import type { BoolQuery, LeafQuery, Query } from '../../tree.ts'
import type { Matcher } from '../record-view.ts'
import { compilePattern } from './match-pattern.ts'
import { compileRange } from './match-range.ts'
import { compileMatch, compilePhrase, compileTerms } from './match-terms.ts'

export type { Matcher } from '../record-view.ts'

const all: Matcher = () => true
const none: Matcher = () => false

/** Whether a record matches, as Elasticsearch's filters decide it over the mapping of field-types. */
export function compileMatcher(query: Query, nowMs: number): Matcher {
  return query.type === 'bool' ? compileBool(query, nowMs) : compileLeaf(query, nowMs)
}

function compileLeaf(query: LeafQuery, nowMs: number): Matcher {
  switch (query.type) {
    case 'match_all':
      return all
    case 'match_none':
      return none
    case 'exists':
      return compileExists(query.field)
    case 'range':
      return compileRange(query, nowMs)
    case 'prefix':
    case 'wildcard':
    case 'regexp':
      return compilePattern(query)
    case 'match':
      return compileMatch(query, nowMs)
    case 'match_phrase':
      return compilePhrase(query, nowMs)
    case 'term':
    case 'terms':
      return compileTerms(query, nowMs)
  }
}

function compileExists(field: string): Matcher {
  if (field === 'attributes') return (record) => record.hasAttributes()
  if (fieldType(field) === undefined) return none
  return (record) => record.get(field) !== undefined
}

function compileBool(query: BoolQuery, nowMs: number): Matcher {
  const compile = (one: Query) => compileMatcher(one, nowMs)
  const required = [...query.filter, ...query.must].map(compile)
  const prohibited = query.mustNot.map(compile)
  const optional = query.should.map(compile)
  const minimum = leastShould(query)
  if (minimum > 0) required.push(atLeast(optional, minimum))
  return (record) => {
    for (const matches of required) if (!matches(record)) return false
    for (const matches of prohibited) if (matches(record)) return false
    return true
  }
}

function atLeast(optional: readonly Matcher[], minimum: number): Matcher {
  return (record) => {
    let count = 0
    for (const matches of optional) if (matches(record) && ++count >= minimum) return true
    return false
  }
}
