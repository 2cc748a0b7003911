import type { DuckDBConnection } from '@duckdb/node-api'

/** Rows from `first` to before `past` whose words are indexed. */
export interface Segment {
  readonly first: number
  readonly past: number
  /** Times of its records, milliseconds since the epoch. */
  readonly oldestMs: number
  readonly newestMs: number
  /** Of the words asked for, those that are not indexed here, since so many records have them. */
  readonly common: ReadonlySet<number>
}

const nsOfMs = 1_000_000

/** Of a day file, in the order of their rows, which they hold from the first one on without a gap. */
export async function readSegments(
  connection: DuckDBConnection,
  name: string,
  words: readonly number[],
): Promise<readonly Segment[]> {
  const list = words.length === 0 ? 'NULL' : words.join(', ')
  const rows = await connection.runAndReadAll(
    `SELECT s.first, s.past, s.oldest // ${nsOfMs}, s.newest // ${nsOfMs}, c.word FROM ${name}.word_segments s
     LEFT JOIN ${name}.common_words c ON c.first = s.first AND c.word IN (${list}) ORDER BY s.first`,
  )
  const segments = new Map<number, Segment & { readonly common: Set<number> }>()
  for (const row of rows.getRows()) {
    const [first = 0, past = 0, oldestMs = 0, newestMs = 0] = row.slice(0, 4).map(Number)
    const segment = segments.get(first) ?? { first, past, oldestMs, newestMs, common: new Set() }
    segments.set(first, segment)
    if (row[4] !== null) segment.common.add(Number(row[4]))
  }
  return [...segments.values()]
}
