import { fieldType } from '../field-types.ts'
import { formatToName } from '../time/date-formats.ts'
import type { LeafQuery, Scalar } from '../tree.ts'

/** Dates as values, where Elasticsearch has to be told how to read one: as the ranges that they stand for, since only a range may name a format. */
export function printDateValues(query: LeafQuery): object | undefined {
  if (!('field' in query) || fieldType(query.field) !== 'date') return undefined
  const values = valuesOf(query)
  const format = formatToName(values)
  if (format === undefined) return undefined
  const should = values.map((value) => ({
    range: { [query.field]: { gte: value, lte: value, format } },
  }))
  return should.length === 1 ? should[0] : { bool: { should, minimum_should_match: 1 } }
}

function valuesOf(query: LeafQuery): readonly Scalar[] {
  switch (query.type) {
    case 'term':
      return [query.value]
    case 'terms':
      return query.values
    case 'match':
    case 'match_phrase':
      return [query.query]
    case 'exists':
    case 'match_all':
    case 'match_none':
    case 'prefix':
    case 'range':
    case 'regexp':
    case 'wildcard':
      return []
  }
}
