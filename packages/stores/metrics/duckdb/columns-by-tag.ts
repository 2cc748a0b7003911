import type { StoredColumn } from './day-reader.ts'

type Columns = readonly StoredColumn[]
type ByValue = ReadonlyMap<string, Columns>

/** Of the columns of one read, as many as panels mostly choose a series by: each takes the room of a reference to all columns. */
const maxTags = 4

/** By what was read of a file's dictionary, and by tag. */
const known = new WeakMap<Columns, Map<string, ByValue>>()

interface Wanted {
  /** Values that tags must have, none empty. */
  readonly equals: ReadonlyMap<string, string> | undefined
  readonly tagsOf: (seriesKey: string) => ReadonlyMap<string, string>
}

/** Those among which all are that have these tags, in their order: of one host among thousands a few. */
export function columnsThatMayMatch(columns: Columns, { equals, tagsOf }: Wanted): Columns {
  if (equals === undefined || equals.size === 0) return columns
  const byTag = known.get(columns) ?? new Map<string, ByValue>()
  known.set(columns, byTag)
  let fewest = columns
  for (const [tag, value] of equals) {
    const byValue = byTag.get(tag)
    if (byValue === undefined && byTag.size >= maxTags) continue
    const own = byValue ?? columnsBy(columns, (key) => tagsOf(key).get(tag))
    byTag.set(tag, own)
    const having = own.get(value) ?? []
    if (having.length < fewest.length) fewest = having
  }
  return fewest
}

function columnsBy(columns: Columns, valueIn: (seriesKey: string) => string | undefined): ByValue {
  const byValue = Map.groupBy(columns, ({ seriesKey }) => valueIn(seriesKey))
  byValue.delete(undefined)
  return byValue as ByValue
}
