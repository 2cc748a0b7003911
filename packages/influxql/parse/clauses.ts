import type { Expr } from '../expression.ts'
import { isTimeZone } from '../time/time-zone.ts'
import type { Cursor } from '../tokens/cursor.ts'
import type { Fill, Paging, SortField } from '../tree.ts'
import { ParseError } from './error.ts'
import { parseExpression } from './expression.ts'
import { takeCount } from './literal.ts'

export function parseCondition(cursor: Cursor): { readonly condition?: Expr } {
  return cursor.accept('WHERE') ? { condition: parseExpression(cursor) } : {}
}

export function parseDimensions(cursor: Cursor): Expr[] {
  if (!cursor.accept('GROUP')) return []
  cursor.expect('BY')
  const dimensions: Expr[] = []
  for (;;) {
    const source = cursor.regex()
    dimensions.push(source === undefined ? parseExpression(cursor) : { kind: 'regex', source })
    // Right after a regex its comma must stand.
    const isMore = source === undefined ? cursor.accept(',') : cursor.acceptAtOnce(',')
    if (!isMore) return dimensions
  }
}

/** The count after one of LIMIT, OFFSET, SLIMIT, SOFFSET; 0 when the clause is absent. */
export function parseCount(cursor: Cursor, keyword: string): number {
  return cursor.accept(keyword) ? takeCount(cursor, keyword) : 0
}

export function parsePaging(cursor: Cursor): Paging {
  const limit = parseCount(cursor, 'LIMIT')
  return { limit, offset: parseCount(cursor, 'OFFSET') }
}

export function parseOrder(cursor: Cursor): SortField[] {
  if (!cursor.accept('ORDER')) return []
  cursor.expect('BY')
  if (cursor.isNext('ASC', 'DESC')) return endOfOrder(cursor, parseDirection(cursor))
  const { type, text } = cursor.peek()
  if (type !== 'identifier') throw cursor.unexpected('identifier', 'ASC', 'DESC')
  cursor.take()
  const field = { name: text, ...parseDirection(cursor) }
  if (text !== 'time') throw new ParseError('only ORDER BY time supported at this time')
  return endOfOrder(cursor, field)
}

function endOfOrder(cursor: Cursor, field: SortField): SortField[] {
  if (!cursor.accept(',')) return [field]
  do {
    cursor.identifier()
    parseDirection(cursor)
  } while (cursor.accept(','))
  throw new ParseError('only ORDER BY time supported at this time')
}

function parseDirection(cursor: Cursor): SortField {
  if (cursor.accept('DESC')) return { ascending: false }
  cursor.accept('ASC')
  return { ascending: true }
}

/** The only argument of a clause that looks like a call; undefined when the clause is absent. */
function parseCallClause(cursor: Cursor, name: string, arity: string): Expr | undefined {
  const { type, text } = cursor.peek()
  if (type !== 'identifier' || text.toLowerCase() !== name) return undefined
  const call = parseExpression(cursor)
  if (call.kind !== 'call') throw new ParseError(`${name} must be a function call`)
  const [argument, ...more] = call.args
  if (argument === undefined || more.length > 0) throw new ParseError(arity)
  return argument
}

const fills = ['null', 'none', 'previous', 'linear'] as const

export function parseFill(cursor: Cursor): Fill {
  const arity = 'fill requires an argument, e.g.: 0, null, none, previous, linear'
  const argument = parseCallClause(cursor, 'fill', arity)
  if (argument === undefined) return { kind: 'null' }
  if (argument.kind === 'reference' && argument.type === undefined) {
    const kind = fills.find((fill) => fill === argument.name)
    if (kind !== undefined) return { kind }
  }
  if (argument.kind === 'integer' || argument.kind === 'number')
    return { kind: 'number', value: argument.value }
  throw new ParseError('expected number argument in fill()')
}

export function parseTimeZone(cursor: Cursor): { readonly timeZone?: string } {
  const argument = parseCallClause(cursor, 'tz', 'tz requires exactly one argument')
  if (argument === undefined) return {}
  if (argument.kind !== 'string') throw new ParseError('expected string argument in tz()')
  // As Go's time.LoadLocation has it.
  const name = argument.value === '' ? 'UTC' : argument.value
  if (!isTimeZone(name)) throw new ParseError(`unable to find time zone ${name}`)
  return { timeZone: name }
}
