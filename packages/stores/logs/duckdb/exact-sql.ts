import { analyse } from '@warren/searchdsl/analyse'
import { dateBoundsNs } from '@warren/searchdsl/evaluate/match/match-range'
import { fieldType } from '@warren/searchdsl/field-types'
import { foldAscii } from '@warren/searchdsl/fold-ascii'
import { leastShould } from '@warren/searchdsl/least-should'
import type { BoolQuery, LeafQuery, Query, RangeQuery, Scalar } from '@warren/searchdsl/tree'
import { toStoredText } from './stored-text.ts'
import { keywordColumns } from './table.ts'

export interface SqlScope {
  readonly tenant: string
  readonly nowMs: number
}

/** A condition for the rows that have one of these words. */
export type AnyOfWords = (words: readonly string[]) => string

const columnOf = new Map(keywordColumns.map(({ field, column }) => [field, column]))

/** A condition that holds for exactly the rows that match, never NULL; undefined when only the matcher can tell. `anyOf` tells about words of the message. */
export function exactSql(query: Query, scope: SqlScope, anyOf?: AnyOfWords): string | undefined {
  if (anyOf !== undefined && 'field' in query && fieldType(query.field) === 'text')
    return exactWords(query, anyOf)
  switch (query.type) {
    case 'match_all':
      return 'true'
    case 'match_none':
      return 'false'
    case 'bool':
      return exactBool(query, scope, anyOf)
    case 'term':
      return query.caseInsensitive === true
        ? undefined
        : keywordIn(query.field, [query.value], scope)
    case 'terms':
      return keywordIn(query.field, query.values, scope)
    case 'match':
    case 'match_phrase':
      return keywordIn(query.field, [query.query], scope)
    case 'range':
      return query.field === '@timestamp' ? timeIn(query, scope) : undefined
    case 'exists':
      return exactExists(query.field)
    case 'prefix':
    case 'wildcard':
    case 'regexp':
      return undefined
  }
}

function exactWords(query: LeafQuery, anyOf: AnyOfWords): string | undefined {
  const any = (words: readonly string[]) => (words.length === 0 ? 'false' : anyOf(words))
  switch (query.type) {
    case 'term': {
      const value = String(query.value)
      return any([query.caseInsensitive === true ? foldAscii(value) : value])
    }
    case 'terms':
      return any(query.values.map(String))
    case 'match': {
      const words = analyse(String(query.query))
      if (query.operator === 'or' || words.length === 0) return any(words)
      return `(${words.map((word) => any([word])).join(' AND ')})`
    }
    case 'match_phrase': {
      const words = analyse(String(query.query))
      return words.length > 1 ? undefined : any(words)
    }
    case 'match_all':
    case 'match_none':
    case 'range':
    case 'exists':
    case 'prefix':
    case 'wildcard':
    case 'regexp':
      return undefined
  }
}

function exactBool(query: BoolQuery, scope: SqlScope, anyOf?: AnyOfWords): string | undefined {
  const { must, filter, should, mustNot } = query
  const all = (queries: readonly Query[]) => queries.map((one) => exactSql(one, scope, anyOf))
  const required = all([...must, ...filter])
  const optional = all(should)
  const prohibited = all(mustNot)
  if ([...required, ...optional, ...prohibited].includes(undefined)) return undefined
  const parts = [...required, ...prohibited.map((part) => `NOT ${part}`)]
  const minimum = leastShould(query)
  if (minimum > 0)
    parts.push(`(${['0', ...optional.map((part) => `${part}::INT`)].join(' + ')}) >= ${minimum}`)
  return parts.length === 0 ? 'true' : `(${parts.join(' AND ')})`
}

/** Undefined for a field that is no keyword column. */
export function keywordIn(
  field: string,
  values: readonly Scalar[],
  { tenant }: SqlScope,
): string | undefined {
  if (field === 'warren.tenant') return String(values.includes(tenant))
  const column = columnOf.get(field)
  if (column === undefined) return undefined
  if (values.length === 0) return 'false'
  const list = values.map((value) => quoted(toStoredText(String(value)))).join(', ')
  return `(${column} IS NOT NULL AND ${column} IN (${list}))`
}

function exactExists(field: string): string | undefined {
  if (field === '@timestamp' || field === 'warren.tenant') return 'true'
  const column = columnOf.get(field)
  return column === undefined ? undefined : `(${column} IS NOT NULL)`
}

/** A record has its nanoseconds, and so may an end of the range. */
function timeIn(query: RangeQuery, { nowMs }: SqlScope): string {
  const { minNs = 0n, maxNs = maxTimeNs } = dateBoundsNs(query, nowMs)
  const parts = ['true']
  if (minNs > maxTimeNs || maxNs < 0n) return 'false'
  if (minNs > 0n) parts.push(`time >= ${minNs}`)
  if (maxNs < maxTimeNs) parts.push(`time <= ${maxNs}`)
  return `(${parts.join(' AND ')})`
}

/** Inclusive bounds in milliseconds; the last one with all its nanoseconds. */
export function timeBetween({ minMs, maxMs }: { minMs: number; maxMs: number }): string {
  const parts = ['true']
  if (minMs > 0) parts.push(`time >= ${toNs(minMs)}`)
  if (maxMs < maxTimeMs) parts.push(maxMs < 0 ? 'false' : `time < ${toNs(maxMs + 1)}`)
  return `(${parts.join(' AND ')})`
}

/** The last moment, and the last millisecond, that a BIGINT of nanoseconds holds. */
const maxTimeNs = 2n ** 63n - 1n
const maxTimeMs = 9_223_372_036_854

const toNs = (ms: number): string =>
  String(BigInt(Math.min(Math.max(Math.trunc(ms), 0), maxTimeMs)) * 1_000_000n)

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
