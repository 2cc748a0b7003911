import type { Expr } from '../expression.ts'
import { parseDuration } from '../time/duration.ts'
import type { Cursor } from '../tokens/cursor.ts'
import { ParseError } from './error.ts'

const maxInt64 = (1n << 63n) - 1n
const maxInt32 = (1n << 31n) - 1n
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

/** Nanoseconds. In an expression the reference does not say where a wrong one is. */
export function takeDuration(cursor: Cursor): bigint {
  return takeNanoseconds(cursor, (reason) => new ParseError(reason))
}

/** Nanoseconds of an option of a statement. */
export function takePlacedDuration(cursor: Cursor): bigint {
  return takeNanoseconds(cursor, (reason, at) => cursor.failure(reason, at))
}

type Refuse = (reason: string, at: number) => ParseError

function takeNanoseconds(cursor: Cursor, refuse: Refuse): bigint {
  const { type, text, at } = cursor.peek()
  if (type !== 'duration') throw cursor.unexpected('duration')
  const ns = parseDuration(text)
  if (typeof ns === 'string') throw refuse(ns, at)
  cursor.take()
  return ns
}

/** The count after LIMIT, OFFSET, SLIMIT or SOFFSET; what int64 does not hold is its largest, as Go's reader leaves it. */
export function takeCount(cursor: Cursor, keyword: string): number {
  const { type, text, at } = cursor.peek()
  if (type !== 'integer') throw cursor.unexpected('integer')
  const value = BigInt(text)
  // Only a bound one has a sign.
  if (value < 0n) throw cursor.failure(`${keyword} must be >= 0`, at)
  cursor.take()
  return Number(value < maxInt64 ? value : maxInt64)
}

/** As Go's `strconv` says that it cannot read a number. */
function unreadable(cursor: Cursor, reader: string, reason: string): ParseError {
  const { text, at } = cursor.peek()
  return cursor.failure(`strconv.${reader}: parsing "${text}": ${reason}`, at)
}

/** A number of copies. */
export function takeReplication(cursor: Cursor): number {
  const { type, text, at } = cursor.peek()
  if (type !== 'integer') throw cursor.unexpected('integer')
  const value = BigInt(text)
  if (value > maxInt64) throw unreadable(cursor, 'Atoi', 'value out of range')
  if (value < 1n || value > maxInt32)
    throw cursor.failure(`invalid value ${value}: must be 1 <= n <= ${maxInt32}`, at)
  cursor.take()
  return Number(value)
}

/** The number of a shard or a query. */
export function takeId(cursor: Cursor): bigint {
  const { type, text } = cursor.peek()
  if (type !== 'integer') throw cursor.unexpected('integer')
  const value = BigInt(text)
  if (value < 0n) throw unreadable(cursor, 'ParseUint', 'invalid syntax')
  if (value > maxUint64) throw unreadable(cursor, 'ParseUint', 'value out of range')
  cursor.take()
  return value
}
