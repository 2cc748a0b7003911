import type { Cursor } from './cursor.ts'
import type { Parsers } from './parsers.ts'
import type { Property } from './tree.ts'

/** `name: value`, `"name": value`, or `name` alone. */
export function parseProperty(cursor: Cursor, parsers: Parsers): Property {
  const isString = cursor.peek().type === 'string'
  const key = isString ? cursor.take().text : cursor.identifier()
  if (!isString && !cursor.isNext(':')) return { key }
  cursor.expect(':')
  return { key, value: parsers.expression(cursor) }
}
