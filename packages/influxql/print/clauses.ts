import type { Expr } from '../expression.ts'
import type { Fill, KeyFilter, Measurement, Paging, SortField } from '../tree.ts'
import { printExpression } from './expression.ts'
import { printName, printRegex, printString } from './name.ts'
import { printDecimal } from './number.ts'

/** The parts that are there, with a space between. */
export function joined(...parts: readonly string[]): string {
  let text = ''
  for (const part of parts) if (part !== '') text = text === '' ? part : `${text} ${part}`
  return text
}

export function list<T>(items: readonly T[], print: (item: T) => string): string {
  return items.map(print).join(', ')
}

export function printMeasurement(source: Measurement): string {
  const { database, policy } = source
  let prefix = ''
  if (database !== undefined) prefix = `${printName(database)}.`
  if (policy !== undefined) prefix += `${printName(policy)}.`
  else if (database !== undefined) prefix += '.'
  if (source.target) return `${prefix}:MEASUREMENT`
  return (
    prefix + (source.regex === undefined ? printName(source.name ?? '') : printRegex(source.regex))
  )
}

export function printOn(database: string | undefined): string {
  return database === undefined ? '' : `ON ${printName(database)}`
}

export function printFrom(sources: readonly Measurement[]): string {
  return sources.length === 0 ? '' : `FROM ${list(sources, printMeasurement)}`
}

export function printWhere(condition: Expr | undefined): string {
  return condition === undefined ? '' : `WHERE ${printExpression(condition)}`
}

export function printGroupBy(dimensions: readonly Expr[]): string {
  return dimensions.length === 0 ? '' : `GROUP BY ${list(dimensions, printExpression)}`
}

export function printOrderBy(fields: readonly SortField[]): string {
  return fields.length === 0 ? '' : `ORDER BY ${list(fields, printSortField)}`
}

function printSortField({ name, ascending }: SortField): string {
  return joined(name === undefined ? '' : printName(name), ascending ? 'ASC' : 'DESC')
}

export function printCount(keyword: string, count: number): string {
  return count === 0 ? '' : `${keyword} ${Number.isSafeInteger(count) ? count : longCount(count)}`
}

/** What a double makes of a count beyond 2^53, with all its digits and within int64. */
const longCount = (count: number): bigint => (count < 2 ** 63 ? BigInt(count) : 2n ** 63n - 1n)

export function printPaging({ limit, offset }: Paging): string {
  return joined(printCount('LIMIT', limit), printCount('OFFSET', offset))
}

export function printFill(fill: Fill): string {
  if (fill.kind === 'null') return ''
  if (fill.kind !== 'number') return `fill(${fill.kind})`
  const { value } = fill
  return `fill(${typeof value === 'bigint' ? value : printDecimal(value)})`
}

export function printTimeZone(name: string | undefined): string {
  return name === undefined ? '' : `TZ(${printString(name)})`
}

export function printWithKey(filter: KeyFilter | undefined): string {
  switch (filter?.kind) {
    case undefined:
      return ''
    case 'equal':
      return `WITH KEY = ${printName(filter.key)}`
    case 'not equal':
      return `WITH KEY != ${printName(filter.key)}`
    case 'match':
      return `WITH KEY =~ ${printRegex(filter.regex)}`
    case 'no match':
      return `WITH KEY !~ ${printRegex(filter.regex)}`
    case 'in':
      return `WITH KEY IN (${list(filter.keys, printName)})`
  }
}
