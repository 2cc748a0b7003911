import type { Json } from '../../answer.ts'
import { malformed } from '../../errors.ts'
import { fieldType } from '../../field-types.ts'
import { sortDateFormat } from '../../print/sort.ts'
import { formatDate } from '../../time/date-text.ts'
import type { Scalar, Sort } from '../../tree.ts'
import { compareUtf8 } from '../match/match-range.ts'
import type { RecordView } from '../record-view.ts'

/** One value a sort; a date is its milliseconds and the nanoseconds below them. */
export type SortKey = readonly (string | number | DateKey | undefined)[]
interface DateKey {
  readonly ms: number
  readonly nanos: number
}

export function sortKeyOf(sorts: readonly Sort[], record: RecordView): SortKey {
  return sorts.map(({ field }) => {
    if (field === '_doc') return record.order
    const value = record.get(field)
    if (typeof value === 'number' && fieldType(field) === 'date')
      return { ms: value, nanos: record.nanos(field) }
    return value
  })
}

export function compareBySort(sorts: readonly Sort[]): (a: SortKey, b: SortKey) => number {
  return (a, b) => {
    for (let at = 0; at < sorts.length; at++) {
      const sort = sorts[at]
      if (sort === undefined) break
      const order = compareOne(sort, a[at], b[at])
      if (order !== 0) return order
    }
    return 0
  }
}

function compareOne(sort: Sort, a: SortKey[number], b: SortKey[number]): number {
  if (a === undefined || b === undefined) {
    if (a === b) return 0
    const absentFirst = sort.missing === '_first'
    return (a === undefined) === absentFirst ? -1 : 1
  }
  const order = compareValues(a, b)
  return sort.direction === 'asc' ? order : -order
}

type Present = Exclude<SortKey[number], undefined>

function compareValues(a: Present, b: Present): number {
  if (typeof a === 'object' && typeof b === 'object') return a.ms - b.ms || a.nanos - b.nanos
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return compareUtf8(String(a), String(b))
}

/** As in a hit's `sort`: dates as texts with nanoseconds (print-sort). */
export function printSortKey(key: SortKey): readonly Json[] {
  return key.map((value) => {
    if (typeof value === 'object') return formatDate(value, sortDateFormat)
    return value ?? null
  })
}

/** `search_after`: dates as milliseconds or as texts. */
export function parseSortKey(sorts: readonly Sort[], values: readonly (Scalar | null)[]): SortKey {
  return values.map((value, at) => {
    const field = sorts[at]?.field ?? ''
    if (value === null) return undefined
    if (fieldType(field) === 'date') return parseDateKey(value)
    if (field === '_doc' || fieldType(field) === 'long') return Number(value)
    return String(value)
  })
}

function parseDateKey(value: Scalar): DateKey {
  if (typeof value === 'number') return { ms: Math.floor(value), nanos: 0 }
  const text = String(value)
  const ms = /^\d+$/.test(text) ? Number(text) : Date.parse(text.replace(/(\.\d{3})\d+/, '$1'))
  if (!Number.isFinite(ms)) throw malformed(`failed to parse date [${text}] in [search_after]`)
  return { ms, nanos: Number((/\.\d{3}(\d+)/.exec(text)?.[1] ?? '0').padEnd(6, '0').slice(0, 6)) }
}
