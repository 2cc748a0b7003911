import { resolveDateMs } from '../date-text.ts'
import { fieldType } from '../field-types.ts'
import type { RangeQuery } from '../tree.ts'
import type { Matcher } from './matcher.ts'

/** Inclusive bounds in milliseconds of a range over a date field; infinite where open. */
export function dateBounds(query: RangeQuery, nowMs: number): { minMs: number; maxMs: number } {
  const { gt, gte, lt, lte, format, timeZone } = query
  const resolve = (value: string | number, roundUp: boolean) =>
    resolveDateMs(value, { nowMs, roundUp, format, timeZone })
  const lows = [Number.NEGATIVE_INFINITY]
  const highs = [Number.POSITIVE_INFINITY]
  if (gte !== undefined) lows.push(resolve(gte, false))
  if (gt !== undefined) lows.push(resolve(gt, true) + 1)
  if (lte !== undefined) highs.push(resolve(lte, true))
  if (lt !== undefined) highs.push(resolve(lt, false) - 1)
  return { minMs: Math.max(...lows), maxMs: Math.min(...highs) }
}

export function compileRange(query: RangeQuery, nowMs: number): Matcher {
  const { field } = query
  switch (fieldType(field)) {
    case undefined:
      return () => false
    case 'date': {
      const { minMs, maxMs } = dateBounds(query, nowMs)
      return (record) => {
        const ms = record.get(field)
        return typeof ms === 'number' && ms >= minMs && ms <= maxMs
      }
    }
    case 'long': {
      const inside = ordered(query, Number, (a: number, b: number) => a - b)
      return (record) => {
        const value = record.get(field)
        return typeof value === 'number' && inside(value)
      }
    }
    case 'text': {
      const inside = ordered(query, String, compareUtf8)
      return (record) => record.messageTerms().some(inside)
    }
    case 'keyword':
    case 'flattened': {
      const inside = ordered(query, String, compareUtf8)
      return (record) => {
        const value = record.get(field)
        return typeof value === 'string' && inside(value)
      }
    }
  }
}

function ordered<T>(
  { gt, gte, lt, lte }: RangeQuery,
  convert: (bound: string | number) => T,
  compare: (a: T, b: T) => number,
): (value: T) => boolean {
  const tests: ((value: T) => boolean)[] = []
  const add = (bound: string | number | undefined, holds: (order: number) => boolean) => {
    if (bound === undefined) return
    const converted = convert(bound)
    tests.push((value) => holds(compare(value, converted)))
  }
  add(gt, (order) => order > 0)
  add(gte, (order) => order >= 0)
  add(lt, (order) => order < 0)
  add(lte, (order) => order <= 0)
  return (value) => tests.every((test) => test(value))
}

/** The order of UTF-8 bytes, which is that of code points: UTF-16 units differ only where surrogates meet U+E000 and above. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at)
    const y = b.charCodeAt(at)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
