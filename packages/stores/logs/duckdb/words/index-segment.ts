import type { DuckDBConnection } from '@duckdb/node-api'
import { appendColumns } from '../../../duckdb/append-columns.ts'
import { inTransaction } from '../../../duckdb/engine.ts'
import { streamChunks, toInteger } from '../../../duckdb/read-chunks.ts'
import { fromStoredText } from '../stored-text.ts'
import { SegmentWords } from './segment-words.ts'

/** A word of more than one record in so many is common: to read them all is what a search would do anyway. */
const commonShare = 32
/** Beyond it a segment ends early: what it takes in memory. */
const maxPairs = 2_000_000
const staged = 'temp.staged_words'

interface Rows {
  /** Quoted name of the attached file. */
  readonly name: string
  /** Rows from `first` to before `past`. */
  readonly first: number
  readonly past: number
  readonly signal: AbortSignal
}

/** Notes which of these rows have which words, in one transaction; of fewer rows where they have very many. False, and nothing is changed, once `signal` aborts. */
export async function indexSegment(connection: DuckDBConnection, rows: Rows): Promise<boolean> {
  const words = new SegmentWords(Math.ceil((rows.past - rows.first) / commonShare))
  const past = await readWords(connection, rows, words)
  if (rows.signal.aborted) return false
  await connection.run('CREATE OR REPLACE TEMP TABLE staged_words (word BIGINT, record BIGINT)')
  try {
    const table = { catalog: 'temp', table: 'staged_words' }
    await appendColumns(connection, table, { columns: words.columns(), rowCount: words.size })
    await inTransaction(connection, () => insert(connection, { ...rows, past }, words.common))
    return true
  } finally {
    await connection.run(`DROP TABLE IF EXISTS ${staged}`)
  }
}

/** Answers before which row it ended. */
async function readWords(
  connection: DuckDBConnection,
  { name, first, past, signal }: Rows,
  words: SegmentWords,
): Promise<number> {
  let end = past
  const sql = `SELECT rowid, coalesce(message, '') FROM ${name}.records WHERE rowid >= ${first} AND rowid < ${past}`
  // In the order of their rows, which DuckDB keeps: https://duckdb.org/docs/stable/sql/dialect/order_preservation
  for await (const chunk of streamChunks(connection, sql)) {
    const rowIds = chunk.int64Halves(0)
    for (let row = 0; row < chunk.rowCount; row++) {
      const record = toInteger(rowIds, row)
      if (words.size >= maxPairs) {
        end = record
        break
      }
      words.add(record, fromStoredText(chunk.text(1, row)))
    }
    if (end < past || signal.aborted) break
  }
  return end
}

async function insert(
  connection: DuckDBConnection,
  { name, first, past }: Omit<Rows, 'signal'>,
  common: ReadonlySet<number>,
): Promise<void> {
  if (common.size > 0) {
    const rows = [...common].map((word) => `(${first}, ${word})`)
    await connection.run(`INSERT INTO ${name}.common_words VALUES ${rows.join(', ')}`)
  }
  await connection.run(
    `INSERT INTO ${name}.words SELECT word, record FROM ${staged}
     WHERE word NOT IN (SELECT word FROM ${name}.common_words WHERE first = ${first}) ORDER BY word, record`,
  )
  await connection.run(
    `INSERT INTO ${name}.word_segments SELECT ${first}, ${past}, min(time), max(time)
     FROM ${name}.records WHERE rowid >= ${first} AND rowid < ${past}`,
  )
}
