import type { Cursor } from './cursor.ts'
import { parseArguments, parseFunction, startsFunction } from './parse-function.ts'
import { parseProperty } from './parse-property.ts'
import type { Parsers } from './parsers.ts'
import type { Dictionary, Expr, Property, RecordLiteral } from './tree.ts'

/** What an expression consists of, and what follows it: calls, members and indexes. */
export function parsePostfix(cursor: Cursor, parsers: Parsers): Expr {
  let expr = parseOperand(cursor, parsers)
  for (;;) {
    if (cursor.isNext('('))
      expr = { kind: 'call', callee: expr, args: parseArguments(cursor, parsers) }
    else if (cursor.accept('.')) expr = { kind: 'member', of: expr, name: cursor.identifier() }
    else if (cursor.accept('[')) {
      expr = { kind: 'index', of: expr, at: parsers.expression(cursor) }
      cursor.expect(']')
    } else return expr
  }
}

function parseOperand(cursor: Cursor, parsers: Parsers): Expr {
  if (cursor.isNext('/')) {
    const token = cursor.takeRegex()
    if (token === undefined) throw cursor.unexpected('a regular expression')
    return { kind: 'literal', text: token.text }
  }
  if (cursor.isNext('('))
    return startsFunction(cursor) ? parseFunction(cursor, parsers) : parseParen(cursor, parsers)
  if (cursor.isNext('[')) return parseList(cursor, parsers)
  if (cursor.isNext('{')) return parseRecord(cursor, parsers)
  const { type } = cursor.peek()
  if (type === 'identifier') return { kind: 'identifier', name: cursor.take().text }
  if (type === 'string') return { kind: 'string', value: cursor.take().text }
  if (type === 'literal') return { kind: 'literal', text: cursor.take().text }
  throw cursor.unexpected('an expression')
}

function parseParen(cursor: Cursor, parsers: Parsers): Expr {
  cursor.expect('(')
  const expr = parsers.expression(cursor)
  cursor.expect(')')
  return { kind: 'paren', expr }
}

/** `[a, b]`, or the dictionary `["a": b]`; `[:]` is the empty one. */
function parseList(cursor: Cursor, parsers: Parsers): Expr {
  cursor.expect('[')
  if (cursor.accept(':')) {
    cursor.expect(']')
    return { kind: 'dictionary', entries: [] }
  }
  const items: Expr[] = []
  while (!cursor.accept(']')) {
    items.push(parsers.expression(cursor))
    if (items.length === 1 && cursor.isNext(':'))
      return parseDictionary(cursor, items[0] as Expr, parsers)
    if (!cursor.isNext(']')) cursor.expect(',')
  }
  return { kind: 'array', items }
}

function parseDictionary(cursor: Cursor, first: Expr, parsers: Parsers): Dictionary {
  const entries: { key: Expr; value: Expr }[] = []
  for (let key = first; ; key = parsers.expression(cursor)) {
    cursor.expect(':')
    entries.push({ key, value: parsers.expression(cursor) })
    if (cursor.accept(',') && !cursor.isNext(']')) continue
    cursor.expect(']')
    return { kind: 'dictionary', entries }
  }
}

function parseRecord(cursor: Cursor, parsers: Parsers): RecordLiteral {
  cursor.expect('{')
  const [, next] = cursor.ahead(2)
  const base = next?.type === 'identifier' && next.text === 'with' ? cursor.identifier() : undefined
  if (base !== undefined) cursor.take()
  const properties: Property[] = []
  while (!cursor.accept('}')) {
    properties.push(parseProperty(cursor, parsers))
    if (!cursor.isNext('}')) cursor.expect(',')
  }
  return { kind: 'record', properties, ...(base === undefined ? {} : { base }) }
}
