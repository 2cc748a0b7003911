import type { Expr } from '../expression.ts'
import type { Cursor } from '../tokens/cursor.ts'
import type {
  KeyFilter,
  Measurement,
  ShowCardinalityStatement,
  ShowMeasurementsStatement,
  ShowStatement,
  SortField,
} from '../tree.ts'
import { parseCondition, parseCount, parseDimensions, parseOrder, parsePaging } from './clauses.ts'
import { parseMeasurement, parseMeasurements } from './source.ts'

type Rule = (cursor: Cursor) => ShowStatement

const after: Readonly<Record<string, Rule>> = {
  CONTINUOUS: (cursor) => then(cursor, { QUERIES: () => ({ kind: 'show continuous queries' }) }),
  DATABASES: () => ({ kind: 'show databases' }),
  DIAGNOSTICS: (cursor) => ({ kind: 'show diagnostics', ...parseModule(cursor) }),
  FIELD: (cursor) => then(cursor, { KEY: cardinality('field key'), KEYS: parseFieldKeys }),
  GRANTS: (cursor) =>
    then(cursor, { FOR: () => ({ kind: 'show grants', user: cursor.identifier() }) }),
  MEASUREMENT: cardinality('measurement'),
  MEASUREMENTS: parseShowMeasurements,
  QUERIES: () => ({ kind: 'show queries' }),
  RETENTION: (cursor) =>
    then(cursor, { POLICIES: () => ({ kind: 'show retention policies', ...parseOn(cursor) }) }),
  SERIES: parseSeries,
  SHARD: (cursor) => then(cursor, { GROUPS: () => ({ kind: 'show shard groups' }) }),
  SHARDS: () => ({ kind: 'show shards' }),
  STATS: (cursor) => ({ kind: 'show stats', ...parseModule(cursor) }),
  SUBSCRIPTIONS: () => ({ kind: 'show subscriptions' }),
  TAG: (cursor) =>
    then(cursor, { KEY: cardinality('tag key'), KEYS: parseTagKeys, VALUES: parseTagValues }),
  USERS: () => ({ kind: 'show users' }),
}

/** After SHOW. */
export function parseShow(cursor: Cursor): ShowStatement {
  return then(cursor, after)
}

function then(cursor: Cursor, rules: Readonly<Record<string, Rule>>): ShowStatement {
  const { type, text } = cursor.peek()
  const rule = type === 'keyword' && Object.hasOwn(rules, text) ? rules[text] : undefined
  if (rule === undefined) throw cursor.unexpected(...Object.keys(rules))
  cursor.take()
  return rule(cursor)
}

/** An empty name is none. */
function parseOn(cursor: Cursor): { readonly database?: string } {
  const database = cursor.accept('ON') ? cursor.identifier() : ''
  return database === '' ? {} : { database }
}

function parseFrom(cursor: Cursor): Measurement[] {
  return cursor.accept('FROM') ? parseMeasurements(cursor) : []
}

function parseModule(cursor: Cursor): { readonly module?: string } {
  return cursor.accept('FOR') ? { module: cursor.string() } : {}
}

interface Tail {
  readonly condition?: Expr
  readonly sortFields: readonly SortField[]
  readonly limit: number
  readonly offset: number
}

function parseTail(cursor: Cursor): Tail {
  const condition = parseCondition(cursor)
  return { ...condition, sortFields: parseOrder(cursor), ...parsePaging(cursor) }
}

function parseFieldKeys(cursor: Cursor): ShowStatement {
  const on = parseOn(cursor)
  const sources = parseFrom(cursor)
  const sortFields = parseOrder(cursor)
  return { kind: 'show field keys', ...on, sources, sortFields, ...parsePaging(cursor) }
}

function parseSeries(cursor: Cursor): ShowStatement {
  const exact = cursor.accept('EXACT')
  if (cursor.accept('CARDINALITY')) return parseCardinality(cursor, 'series', exact)
  const on = parseOn(cursor)
  return { kind: 'show series', ...on, sources: parseFrom(cursor), ...parseTail(cursor) }
}

function parseTagKeys(cursor: Cursor): ShowStatement {
  const on = parseOn(cursor)
  const sources = parseFrom(cursor)
  const filter = cursor.isNext('WITH') ? { filter: parseKeyFilter(cursor) } : {}
  return {
    kind: 'show tag keys',
    ...on,
    sources,
    ...filter,
    ...parseTail(cursor),
    seriesLimit: parseCount(cursor, 'SLIMIT'),
    seriesOffset: parseCount(cursor, 'SOFFSET'),
  }
}

function parseTagValues(cursor: Cursor): ShowStatement {
  if (cursor.isNext('EXACT', 'CARDINALITY')) return cardinality('tag values')(cursor)
  const on = parseOn(cursor)
  const sources = parseFrom(cursor)
  const filter = parseKeyFilter(cursor)
  return { kind: 'show tag values', ...on, sources, filter, ...parseTail(cursor) }
}

function parseKeyFilter(cursor: Cursor): KeyFilter {
  cursor.expect('WITH', 'KEY')
  if (cursor.accept('IN')) return { kind: 'in', keys: parseKeyList(cursor) }
  if (cursor.accept('=')) return { kind: 'equal', key: cursor.identifier() }
  if (cursor.accept('!=')) return { kind: 'not equal', key: cursor.identifier() }
  const kind = cursor.isNext('=~') ? 'match' : 'no match'
  if (!cursor.isNext('=~', '!~')) throw cursor.unexpected('IN', '=', '=~')
  cursor.take()
  const regex = cursor.regex()
  if (regex === undefined) throw cursor.unexpected('regex')
  return { kind, regex }
}

function parseKeyList(cursor: Cursor): string[] {
  cursor.expect('(')
  const keys: string[] = []
  do keys.push(cursor.identifier())
  while (cursor.accept(','))
  cursor.expect(')')
  return keys
}

function cardinality(of: ShowCardinalityStatement['of']): Rule {
  return (cursor) => {
    const exact = cursor.accept('EXACT')
    if (!cursor.accept('CARDINALITY'))
      throw cursor.unexpected(...(exact ? [] : ['EXACT']), 'CARDINALITY')
    return parseCardinality(cursor, of, exact)
  }
}

/** After CARDINALITY. */
function parseCardinality(
  cursor: Cursor,
  of: ShowCardinalityStatement['of'],
  exact: boolean,
): ShowStatement {
  const on = parseOn(cursor)
  const sources = parseFrom(cursor)
  const filter = of === 'tag values' ? { filter: parseKeyFilter(cursor) } : {}
  const condition = parseCondition(cursor)
  return {
    kind: 'show cardinality',
    of,
    exact,
    ...on,
    sources,
    ...filter,
    ...condition,
    dimensions: parseDimensions(cursor),
    ...parsePaging(cursor),
  }
}

function parseShowMeasurements(cursor: Cursor): ShowStatement {
  const on = parseOnAny(cursor)
  const source = cursor.accept('WITH') ? { source: parseWithMeasurement(cursor) } : {}
  return { kind: 'show measurements', ...on, ...source, ...parseTail(cursor) }
}

type OnAny = Pick<ShowMeasurementsStatement, 'database' | 'policy' | 'anyDatabase' | 'anyPolicy'>

/** `ON db`, `ON db.rp`, with `*` for either. */
function parseOnAny(cursor: Cursor): OnAny {
  if (!cursor.accept('ON')) return { anyDatabase: false, anyPolicy: false }
  const database = nameOrAny(cursor)
  const onDatabase = database === undefined ? {} : { database }
  const anyDatabase = database === undefined
  if (!cursor.accept('.')) return { anyDatabase, ...onDatabase, anyPolicy: false }
  const policy = nameOrAny(cursor)
  if (policy === undefined) return { anyDatabase, ...onDatabase, anyPolicy: true }
  return { anyDatabase, ...onDatabase, anyPolicy: false, policy }
}

/** Undefined for `*`. */
function nameOrAny(cursor: Cursor): string | undefined {
  if (cursor.accept('*')) return undefined
  if (cursor.peek().type !== 'identifier') throw cursor.unexpected('identifier or *')
  return cursor.identifier()
}

/** A name may follow =~, and a regex = as well. */
function parseWithMeasurement(cursor: Cursor): Measurement {
  cursor.expect('MEASUREMENT')
  if (!cursor.accept('=') && !cursor.accept('=~')) throw cursor.unexpected('=', '=~')
  return parseMeasurement(cursor)
}
