import type { Cursor } from './cursor.ts'
import { parseProperty } from './parse-property.ts'
import type { Parsers } from './parsers.ts'
import type { FunctionLiteral, Parameter, Property } from './tree.ts'

/** Whether the parenthesis that is next opens the parameters of a function: `()`, `(a,`, `(a=` or `(a) =>`. */
export function startsFunction(cursor: Cursor): boolean {
  const [, first, second, third] = cursor.ahead(4)
  if (first?.text === ')' && first.type === 'symbol') return true
  if (first?.type !== 'identifier' || second?.type !== 'symbol') return false
  if (second.text === ',' || second.text === '=') return true
  return second.text === ')' && third?.text === '=>'
}

function parseParameter(cursor: Cursor, parsers: Parsers): Parameter {
  const name = cursor.identifier()
  if (!cursor.accept('=')) return { name, isPiped: false }
  if (cursor.accept('<-')) return { name, isPiped: true }
  return { name, isPiped: false, byDefault: parsers.expression(cursor) }
}

export function parseFunction(cursor: Cursor, parsers: Parsers): FunctionLiteral {
  cursor.expect('(')
  const parameters: Parameter[] = []
  while (!cursor.accept(')')) {
    parameters.push(parseParameter(cursor, parsers))
    if (!cursor.isNext(')')) cursor.expect(',')
  }
  cursor.expect('=>')
  // A record as the body stands in parentheses.
  const body = cursor.isNext('{') ? parsers.block(cursor) : parsers.expression(cursor)
  return { kind: 'function', parameters, body }
}

export function parseArguments(cursor: Cursor, parsers: Parsers): readonly Property[] {
  cursor.expect('(')
  const args: Property[] = []
  while (!cursor.accept(')')) {
    args.push(parseProperty(cursor, parsers))
    if (!cursor.isNext(')')) cursor.expect(',')
  }
  return args
}
