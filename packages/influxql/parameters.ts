import { printDecimal } from './print/number.ts'
import { printDuration } from './time/duration.ts'
import type { Token } from './tokens/token.ts'

/** Bound parameters of a query, by name without `$`: a plain JSON value, or an object that names its type. Numbers may be a `WrittenNumber`. */
export type Parameters = Readonly<Record<string, unknown>>

/** A number of JSON with all its digits: InfluxDB tells integers from others by their point. */
export class WrittenNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A JSON object of parameters, their numbers as they are written; undefined when it is something else. Null are none, as InfluxDB's own client for Go says it. Throws a `SyntaxError`. */
export function parseParameters(json: string): Parameters | undefined {
  const keepNumbers = (_key: string, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === 'number' && source !== undefined ? new WrittenNumber(source) : value
  const value: unknown = JSON.parse(json, keepNumbers)
  if (value === null) return {}
  const isObject = typeof value === 'object' && !Array.isArray(value)
  return isObject && !(value instanceof WrittenNumber) ? (value as Parameters) : undefined
}

type Literal = Pick<Token, 'type' | 'text'>

/** What it is found to be instead of a literal, in the words of the reference. */
const unbound = (reason: string): Literal => ({ type: 'parameter', text: reason })

/** An int64 is a bigint. */
type Value = string | boolean | number | bigint | object | null

/** Go's `strconv` on a number that it cannot read. */
class UnreadableNumber {
  readonly reason: string

  constructor(reader: string, text: string, reason: string) {
    this.reason = `strconv.${reader}: parsing "${text}": ${reason}`
  }
}

const fitsInt64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value

function readWritten(text: string): number | bigint | UnreadableNumber {
  if (text.includes('.')) {
    const value = Number(text)
    if (Number.isFinite(value)) return value
    return new UnreadableNumber('ParseFloat', text, 'value out of range')
  }
  if (!/^-?\d+$/.test(text)) return new UnreadableNumber('ParseInt', text, 'invalid syntax')
  const value = BigInt(text)
  return fitsInt64(value) ? value : new UnreadableNumber('ParseInt', text, 'value out of range')
}

function toValue(value: unknown): Value {
  if (value instanceof WrittenNumber) return readWritten(value.text)
  if (typeof value !== 'number') return value as Value
  return Number.isInteger(value) && fitsInt64(BigInt(value)) ? BigInt(value) : value
}

const integerLiteral = (value: bigint): Literal => ({ type: 'integer', text: String(value) })
const numberLiteral = (value: number): Literal => ({ type: 'number', text: printDecimal(value) })

function toDuration(value: Value): Literal {
  if (typeof value === 'string') return { type: 'duration', text: value }
  if (typeof value === 'bigint') return { type: 'duration', text: printDuration(value) }
  return unbound('duration literal must be a string or integer value')
}

function toNumber(value: Value): Literal {
  if (typeof value === 'number') return numberLiteral(value)
  if (typeof value === 'bigint') return numberLiteral(Number(value))
  return unbound('number literal must be a float value')
}

const toInteger = (value: Value): Literal =>
  typeof value === 'bigint'
    ? integerLiteral(value)
    : unbound('integer literal must be an integer value')

const textual =
  (type: Token['type'], name: string) =>
  (value: Value): Literal =>
    typeof value === 'string' ? { type, text: value } : unbound(`${name} must be a string value`)

const toIdentifier = textual('identifier', 'identifier')

const types: ReadonlyMap<string, (value: Value) => Literal> = new Map([
  ['ident', toIdentifier],
  ['identifier', toIdentifier],
  ['regex', textual('regex', 'regex literal')],
  ['string', textual('string', 'string literal')],
  ['float', toNumber],
  ['number', toNumber],
  ['int', toInteger],
  ['integer', toInteger],
  ['duration', toDuration],
])

function toTyped(given: object): Literal {
  const [entry, ...more] = Object.entries(given)
  if (entry === undefined || more.length > 0)
    return unbound('bound object parameter value must have exactly one entry')
  const [type, value] = entry
  const read = toValue(value)
  if (read instanceof UnreadableNumber) return unbound(read.reason)
  return types.get(type)?.(read) ?? unbound(`unknown bind object type: ${type}`)
}

function toLiteral(value: Value): Literal {
  if (typeof value === 'string') return { type: 'string', text: value }
  if (typeof value === 'boolean') return { type: 'keyword', text: value ? 'TRUE' : 'FALSE' }
  if (typeof value === 'number') return numberLiteral(value)
  if (typeof value === 'bigint') return integerLiteral(value)
  if (value instanceof UnreadableNumber) return unbound(value.reason)
  if (Array.isArray(value)) return unbound('unable to bind parameter with type []interface {}')
  return value ? toTyped(value) : unbound('unable to bind parameter with type <nil>')
}

/** What stands in the query in place of the parameter; undefined when there is no such parameter. What cannot be bound stays a parameter, with the reason as its text. */
export function bindParameter(parameters: Parameters, name: string): Literal | undefined {
  return Object.hasOwn(parameters, name) ? toLiteral(toValue(parameters[name])) : undefined
}
