import type { Token, TokenType } from './token.ts'

/** Bound parameters of a query, by name without `$`: a plain JSON value, or an object that names its type. */
export type Parameters = Readonly<Record<string, unknown>>

type Literal = Pick<Token, 'type' | 'text'>

const textual: Readonly<Record<string, TokenType>> = {
  identifier: 'identifier',
  ident: 'identifier',
  regex: 'regex',
  string: 'string',
}

function toDuration(value: unknown): Literal | undefined {
  if (typeof value === 'string') return { type: 'duration', text: value }
  return Number.isSafeInteger(value) ? { type: 'duration', text: `${String(value)}ns` } : undefined
}

function toTyped(type: string, value: unknown): Literal | undefined {
  const text = textual[type]
  if (text !== undefined) return typeof value === 'string' ? { type: text, text: value } : undefined
  switch (type) {
    case 'duration':
      return toDuration(value)
    case 'boolean':
      return typeof value === 'boolean' ? toPlain(value) : undefined
    case 'integer':
    case 'unsigned':
      return Number.isSafeInteger(value) ? { type: 'integer', text: String(value) } : undefined
    case 'float':
    case 'number':
      return typeof value === 'number' ? { type: 'number', text: String(value) } : undefined
    default:
      return undefined
  }
}

function toPlain(value: unknown): Literal | undefined {
  if (typeof value === 'string') return { type: 'string', text: value }
  if (typeof value === 'boolean') return { type: 'keyword', text: value ? 'TRUE' : 'FALSE' }
  if (typeof value !== 'number') return undefined
  return { type: Number.isSafeInteger(value) ? 'integer' : 'number', text: String(value) }
}

/** What stands in the query in place of the parameter; undefined when there is no such parameter or it has no meaning. */
export function bindParameter(parameters: Parameters, name: string): Literal | undefined {
  if (!Object.hasOwn(parameters, name)) return undefined
  const value = parameters[name]
  if (typeof value !== 'object' || value === null) return toPlain(value)
  const [entry, ...more] = Object.entries(value)
  return entry === undefined || more.length > 0 ? undefined : toTyped(entry[0], entry[1])
}
