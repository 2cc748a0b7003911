import { fieldType } from '../../field-types.ts'
import { type Moment, resolveDate } from '../../time/date-text.ts'
import type { RangeQuery } from '../../tree.ts'
import type { Matcher } from '../record-view.ts'

/** Inclusive bounds in whole milliseconds around a range over a date field; infinite where open. */
export function dateBounds(query: RangeQuery, nowMs: number): { minMs: number; maxMs: number } {
  const { gt, gte, lt, lte } = momentsOf(query, nowMs)
  return {
    minMs: Math.max(
      gte?.ms ?? -Infinity,
      gt === undefined ? -Infinity : gt.ms + Number(gt.nanos === 999_999),
    ),
    maxMs: Math.min(
      lte?.ms ?? Infinity,
      lt === undefined ? Infinity : lt.ms - Number(lt.nanos === 0),
    ),
  }
}

/** The same to the nanosecond, since the epoch; undefined where open. */
export function dateBoundsNs(query: RangeQuery, nowMs: number) {
  const { gt, gte, lt, lte } = momentsOf(query, nowMs)
  const from = [gte && toNs(gte), gt && toNs(gt) + 1n].filter((ns) => ns !== undefined)
  const to = [lte && toNs(lte), lt && toNs(lt) - 1n].filter((ns) => ns !== undefined)
  return {
    minNs: from.length === 0 ? undefined : from.reduce((a, b) => (a > b ? a : b)),
    maxNs: to.length === 0 ? undefined : to.reduce((a, b) => (a < b ? a : b)),
  }
}

const toNs = ({ ms, nanos }: Moment): bigint => BigInt(ms) * 1_000_000n + BigInt(nanos)

/** `gt` and `lte` reach to the end of what was written, `gte` and `lt` to its start. */
function momentsOf({ gt, gte, lt, lte, format, timeZone }: RangeQuery, nowMs: number) {
  const resolve = (value: string | number | undefined, roundUp: boolean) =>
    value === undefined ? undefined : resolveDate(value, { nowMs, roundUp, format, timeZone })
  return {
    gt: resolve(gt, true),
    gte: resolve(gte, false),
    lt: resolve(lt, false),
    lte: resolve(lte, true),
  }
}

function compileDateRange(query: RangeQuery, nowMs: number): Matcher {
  const { field } = query
  const { minMs, maxMs } = dateBounds(query, nowMs)
  const { gt, gte, lt, lte } = momentsOf(query, nowMs)
  const inside = (moment: Moment) =>
    (gt === undefined || compareMoments(moment, gt) > 0) &&
    (gte === undefined || compareMoments(moment, gte) >= 0) &&
    (lt === undefined || compareMoments(moment, lt) < 0) &&
    (lte === undefined || compareMoments(moment, lte) <= 0)
  return (record) => {
    const ms = record.get(field)
    if (typeof ms !== 'number' || ms < minMs || ms > maxMs) return false
    // Only at the edges can the nanoseconds decide.
    return (ms > minMs && ms < maxMs) || inside({ ms, nanos: record.nanos(field) })
  }
}

function compareMoments(a: Moment, b: Moment): number {
  return a.ms - b.ms || a.nanos - b.nanos
}

export function compileRange(query: RangeQuery, nowMs: number): Matcher {
  const { field } = query
  switch (fieldType(field)) {
    case undefined:
      return () => false
    case 'date':
      return compileDateRange(query, nowMs)
    case 'long': {
      const inside = ordered(query, Number, (a: number, b: number) => a - b)
      return (record) => {
        const value = record.get(field)
        return typeof value === 'number' && inside(value)
      }
    }
    case 'text': {
      const inside = compileTextRange(query)
      return (record) => record.messageTerms().some(inside)
    }
    case 'keyword':
    case 'flattened': {
      const inside = compileTextRange(query)
      return (record) => {
        const value = record.get(field)
        return typeof value === 'string' && inside(value)
      }
    }
  }
}

/** Whether one whole value lies in the range. */
export function compileTextRange(query: RangeQuery): (value: string) => boolean {
  return ordered(query, String, compareUtf8)
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
