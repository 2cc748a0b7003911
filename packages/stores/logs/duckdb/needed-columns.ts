import { attributesPrefix } from '@warren/searchdsl/field-types'
import type { Aggregation, NamedAggregation, Query, SearchRequest } from '@warren/searchdsl/tree'
import { keywordColumns, position } from './table.ts'

const fixedColumns: ReadonlyMap<string, readonly number[]> = new Map([
  ['@timestamp', [position.time]],
  ['observed_timestamp', [position.observed]],
  ['message', [position.message]],
  ['severity_number', [position.severity]],
  ['log.offset', [position.offset]],
  ['attributes', [position.attributes]],
  ['_id', [position.idHigh, position.idLow]],
])

function columnsOf(field: string): readonly number[] {
  if (field.startsWith(attributesPrefix)) return [position.attributes]
  const keyword = keywordColumns.findIndex((one) => one.field === field)
  return keyword < 0 ? (fixedColumns.get(field) ?? []) : [position.firstKeyword + keyword]
}

/** Columns that the matcher reads. */
export function columnsOfQuery(query: Query): ReadonlySet<number> {
  return new Set(fieldsOfQuery(query).flatMap(columnsOf))
}

function fieldsOfQuery(query: Query): readonly string[] {
  if (query.type === 'bool') {
    const { must, filter, should, mustNot } = query
    return [...must, ...filter, ...should, ...mustNot].flatMap(fieldsOfQuery)
  }
  return 'field' in query ? [query.field] : []
}

/** Columns that sorting and aggregating read. */
export function columnsOfResult({ sort, aggs }: SearchRequest): ReadonlySet<number> {
  const fields = [...sort.map(({ field }) => field), ...aggs.flatMap(fieldsOfAggregation)]
  return new Set(fields.flatMap(columnsOf))
}

function fieldsOfAggregation({ aggregation, children }: NamedAggregation): readonly string[] {
  return [...ownFields(aggregation), ...children.flatMap(fieldsOfAggregation)]
}

function ownFields(aggregation: Aggregation): readonly string[] {
  if (aggregation.type === 'filters')
    return aggregation.filters.flatMap(({ query }) => fieldsOfQuery(query))
  if (aggregation.type === 'top_metrics') return [aggregation.sort.field, ...aggregation.metrics]
  return 'field' in aggregation && aggregation.field !== undefined ? [aggregation.field] : []
}
