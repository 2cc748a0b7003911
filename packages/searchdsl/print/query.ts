import { fieldType } from '../field-types.ts'
import { formatToName } from '../time/date-formats.ts'
import type { LeafQuery, PatternQuery, Query, RangeQuery } from '../tree.ts'
import { printDateValues } from './dates.ts'

/** A query as Elasticsearch's DSL, made from the tree alone. */
export function printQuery(query: Query): object {
  if (query.type !== 'bool') return printLeaf(query)
  const { must, filter, should, mustNot, minimumShouldMatch } = query
  const lists = { must, filter, should, must_not: mustNot }
  return {
    bool: {
      ...Object.fromEntries(
        Object.entries(lists)
          .filter(([, list]) => list.length > 0)
          .map(([key, list]) => [key, list.map(printQuery)]),
      ),
      ...(minimumShouldMatch === undefined ? {} : { minimum_should_match: minimumShouldMatch }),
    },
  }
}

function printLeaf(query: LeafQuery): object {
  const dates = printDateValues(query)
  if (dates !== undefined) return dates
  switch (query.type) {
    case 'match_all':
    case 'match_none':
      return { [query.type]: {} }
    case 'term':
      return { term: { [query.field]: { value: query.value, ...caseOf(query) } } }
    case 'terms':
      return { terms: { [query.field]: query.values } }
    case 'range':
      return printRange(query)
    case 'match':
      return { match: { [query.field]: { query: query.query, operator: query.operator } } }
    case 'match_phrase':
      return { match_phrase: { [query.field]: { query: query.query } } }
    case 'exists':
      return { exists: { field: query.field } }
    case 'prefix':
    case 'wildcard':
    case 'regexp':
      return printPattern(query)
  }
}

function caseOf({ caseInsensitive }: { readonly caseInsensitive?: boolean }): object {
  return caseInsensitive === true ? { case_insensitive: true } : {}
}

function printRange(query: RangeQuery): object {
  const { field, timeZone, gt, gte, lt, lte } = query
  const named = fieldType(field) === 'date' ? formatToName([gt, gte, lt, lte]) : undefined
  const options = { gt, gte, lt, lte, format: query.format ?? named, time_zone: timeZone }
  return {
    range: {
      [field]: Object.fromEntries(
        Object.entries(options).filter(([, value]) => value !== undefined),
      ),
    },
  }
}

/** `NONE`: Lucene's optional operators stay off, as our own reading of the expression has it. */
function printPattern(query: PatternQuery): object {
  const flags = query.type === 'regexp' ? { flags: 'NONE' } : {}
  return { [query.type]: { [query.field]: { value: query.value, ...caseOf(query), ...flags } } }
}
