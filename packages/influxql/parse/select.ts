import type { Cursor } from '../tokens/cursor.ts'
import type { ExplainStatement, Field, SelectStatement, Source } from '../tree.ts'
import {
  parseCondition,
  parseCount,
  parseDimensions,
  parseFill,
  parseOrder,
  parsePaging,
  parseTimeZone,
} from './clauses.ts'
import { ParseError } from './error.ts'
import { comparisonIn, parseExpression } from './expression.ts'
import { parseNamedSource, parseRegexSource, parseTarget } from './source.ts'

/** From SELECT on. */
export function parseSelect(cursor: Cursor, { needsInto = false } = {}): SelectStatement {
  cursor.expect('SELECT')
  const fields = parseFields(cursor)
  if (needsInto && !cursor.isNext('INTO')) throw cursor.unexpected('INTO')
  const into = cursor.accept('INTO') ? { into: parseTarget(cursor) } : {}
  cursor.expect('FROM')
  return {
    kind: 'select',
    fields,
    ...into,
    sources: parseSources(cursor),
    ...parseCondition(cursor),
    dimensions: parseDimensions(cursor),
    fill: parseFill(cursor),
    sortFields: parseOrder(cursor),
    ...parsePaging(cursor),
    seriesLimit: parseCount(cursor, 'SLIMIT'),
    seriesOffset: parseCount(cursor, 'SOFFSET'),
    ...parseTimeZone(cursor),
  }
}

function parseFields(cursor: Cursor): Field[] {
  const fields: Field[] = []
  for (;;) {
    const field = parseField(cursor)
    // An empty alias is none.
    fields.push(field.alias === '' ? { expr: field.expr } : field)
    // Between an alias and its comma a comment may not stand.
    const isMore = field.alias === undefined ? cursor.accept(',') : cursor.acceptAfterBlanks(',')
    if (!isMore) return fields
  }
}

function parseField(cursor: Cursor): Field {
  const source = cursor.regex()
  const { at } = cursor.peek()
  const expr = source === undefined ? parseExpression(cursor) : ({ kind: 'regex', source } as const)
  const operator = comparisonIn(expr)
  if (operator !== undefined) {
    const { detail } = cursor.failure(`invalid operator ${operator} in SELECT clause`, at)
    throw new ParseError(`${detail}; operator is intended for WHERE clause`)
  }
  return cursor.accept('AS') ? { expr, alias: cursor.identifier() } : { expr }
}

function parseSources(cursor: Cursor): Source[] {
  const sources: Source[] = []
  do sources.push(parseSource(cursor))
  while (cursor.accept(','))
  return sources
}

function parseSource(cursor: Cursor): Source {
  const regex = parseRegexSource(cursor)
  if (regex !== undefined) return regex
  if (!cursor.isNext('(')) return parseNamedSource(cursor)
  return cursor.nested(() => {
    cursor.take()
    const select = parseSelect(cursor)
    cursor.expect(')')
    return { kind: 'subquery', select }
  })
}

export function parseExplain(cursor: Cursor): ExplainStatement {
  const analyze = cursor.accept('ANALYZE')
  const verbose = cursor.accept('VERBOSE')
  return { kind: 'explain', analyze, verbose, select: parseSelect(cursor) }
}
