import type { Cursor } from './cursor.ts'
import { parseDuration } from './duration.ts'
import type { Expr } from './expression.ts'
import { ParseError } from './parse-error.ts'

const maxInt64 = (1n << 63n) - 1n
const maxUint64 = (1n << 64n) - 1n

/** Takes an integer; what int64 does not hold is unsigned. */
export function takeInteger(cursor: Cursor): Expr {
  const { text, at } = cursor.peek()
  const value = BigInt(text)
  if (value > maxUint64) throw cursor.failure('unable to parse integer', at)
  cursor.take()
  return { kind: value > maxInt64 ? 'unsigned' : 'integer', value }
}

/** Takes a number with a fraction; what a double does not hold is refused, as Go's reader does. */
export function takeNumber(cursor: Cursor): Expr {
  const { text, at } = cursor.peek()
  const value = Number(text)
  if (!Number.isFinite(value)) throw cursor.failure('unable to parse number', at)
  cursor.take()
  return { kind: 'number', value }
}

/** Nanoseconds. */
export function takeDuration(cursor: Cursor): bigint {
  const { type, text } = cursor.peek()
  if (type !== 'duration') throw cursor.unexpected('duration')
  const ns = parseDuration(text)
  if (ns === undefined) throw new ParseError('invalid duration')
  cursor.take()
  return ns
}

/** A count after a keyword: LIMIT, OFFSET, REPLICATION. */
export function takeCount(cursor: Cursor): number {
  const { type, text, at } = cursor.peek()
  if (type !== 'integer') throw cursor.unexpected('integer')
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw cursor.failure('unable to parse integer', at)
  cursor.take()
  return value
}

export function takeId(cursor: Cursor): bigint {
  const { type, text } = cursor.peek()
  if (type !== 'integer') throw cursor.unexpected('integer')
  cursor.take()
  return BigInt(text)
}
