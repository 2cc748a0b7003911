import type { Scalar, SearchRequest, Sort } from '@warren/searchdsl/tree'
import { TimeReader } from './time-text.ts'

/** How SQL orders the rows of one day. */
export interface HitOrder {
  /** `ORDER BY …`. */
  readonly by: string
  /** `AND …` what `search_after` leaves out, or nothing. */
  readonly after: string
  /** The days' own order, which is that of their rows. */
  readonly newestFirst: boolean
}

/** Undefined when only the collector can order: by another field, or after something that is no time. */
export function hitOrder({ sort, searchAfter }: SearchRequest): HitOrder | undefined {
  const [first = { field: '_doc', direction: 'asc' } as Sort, second, ...more] = sort
  if (more.length > 0 || (second !== undefined && second.field !== '_doc')) return undefined
  const { direction } = first
  const newestFirst = direction === 'desc'
  if (searchAfter === undefined) {
    const ties = second === undefined ? '' : `, rowid ${second.direction}`
    const column = columnOf.get(first.field)
    if (column === undefined) return undefined
    return { by: `ORDER BY ${column} ${direction}${ties}`, after: '', newestFirst }
  }
  // With a second sort, rows of the same instant may or may not be behind us.
  if (second !== undefined || first.field !== '@timestamp') return undefined
  const ns = timeOf(searchAfter[0])
  if (ns === undefined) return undefined
  const after = `AND time ${newestFirst ? '<' : '>'} ${ns}`
  return { by: `ORDER BY time ${direction}`, after, newestFirst }
}

const columnOf: ReadonlyMap<string, string> = new Map([
  ['@timestamp', 'time'],
  ['_doc', 'rowid'],
])

function timeOf(value: Scalar | null | undefined): bigint | undefined {
  if (typeof value === 'number') return BigInt(Math.trunc(value)) * 1_000_000n
  return typeof value === 'string' ? new TimeReader().read(value) : undefined
}
