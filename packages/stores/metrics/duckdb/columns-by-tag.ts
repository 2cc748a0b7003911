import type { StoredColumn } from './day-reader.ts'

type Columns = readonly StoredColumn[]

/** Where the columns of each value are: a chain, not a list of its own, of which there may be as many as columns. */
interface ByValue {
  readonly first: ReadonlyMap<string, number>
  /** The place of the next one of the same value; -1 behind the last. */
  readonly next: Int32Array
}

/** Of the columns of one read, as many as panels mostly choose a series by: each takes 4 bytes a column and about 40 a value. */
const maxTags = 4

/** By what was read of a file's dictionary, and by tag. */
const known = new WeakMap<Columns, Map<string, ByValue>>()

interface Wanted {
  /** Values that tags must have, none empty. */
  readonly equals: ReadonlyMap<string, string> | undefined
  readonly tagsOf: (seriesKey: string) => ReadonlyMap<string, string>
}

/** Those among which all are that have these tags, in their order: by the tag that has most values, of one host among thousands a few. */
export function columnsThatMayMatch(
  columns: Columns,
  { equals = new Map(), tagsOf }: Wanted,
): Columns {
  let chosen: ByValue | undefined
  let at: number | undefined
  for (const [tag, value] of equals) {
    const byValue = indexOf(columns, tag, tagsOf)
    if (byValue === undefined) continue
    const first = byValue.first.get(value)
    if (first === undefined) return []
    // One value tells none apart.
    if (byValue.first.size <= (chosen?.first.size ?? 1)) continue
    chosen = byValue
    at = first
  }
  return chosen === undefined ? columns : chained(columns, chosen, at)
}

function chained(columns: Columns, { next }: ByValue, first = -1): Columns {
  const found: StoredColumn[] = []
  for (let at = first; at >= 0; at = next[at] ?? -1) {
    const column = columns[at]
    if (column !== undefined) found.push(column)
  }
  return found
}

/** Undefined: there are as many as are kept. */
function indexOf(columns: Columns, tag: string, tagsOf: Wanted['tagsOf']): ByValue | undefined {
  const byTag = known.get(columns) ?? new Map<string, ByValue>()
  known.set(columns, byTag)
  const made = byTag.get(tag)
  if (made !== undefined || byTag.size >= maxTags) return made
  const byValue = toByValue(columns, (key) => tagsOf(key).get(tag))
  byTag.set(tag, byValue)
  return byValue
}

function toByValue(columns: Columns, valueIn: (seriesKey: string) => string | undefined): ByValue {
  const first = new Map<string, number>()
  const next = new Int32Array(columns.length).fill(-1)
  for (let at = columns.length - 1; at >= 0; at--) {
    const value = valueIn(columns[at]?.seriesKey ?? '')
    if (value === undefined) continue
    next[at] = first.get(value) ?? -1
    first.set(value, at)
  }
  return { first, next }
}
