import { type DaySource, readColumns, readFields, type StoredColumn } from './day-reader.ts'
import type { MetricFileState } from './file-state.ts'
import type { KeptReads } from './kept-reads.ts'

export interface CachedDay extends DaySource {
  readonly state: MetricFileState
}

/** `readColumns`, once until a batch adds to the file's dictionary. */
export const knownColumns = (
  day: CachedDay,
  measurement: string,
  fields: readonly string[],
): Promise<readonly StoredColumn[]> =>
  known(day.state, day.state.columnCache, {
    key: [measurement, ...fields].join('\0'),
    read: () => readColumns(day, measurement, fields),
  })

/** The same of `readFields`. */
export const knownFields = (day: CachedDay, measurement: string) =>
  known(day.state, day.state.fieldCache, {
    key: measurement,
    read: () => readFields(day, measurement),
  })

/** What a file's dictionary said before, until a batch adds to it. */
async function known<Item>(
  state: MetricFileState,
  cache: KeptReads<Item>,
  { key, read }: { readonly key: string; readonly read: () => Promise<readonly Item[]> },
): Promise<readonly Item[]> {
  const before = cache.get(key)
  if (before !== undefined) return before
  const { additions } = state
  const found = await read()
  if (additions === state.additions) cache.set(key, found)
  return found
}
