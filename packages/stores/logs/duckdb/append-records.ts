import {
  BIGINT,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBVector,
  UBIGINT,
  VARCHAR,
} from '@duckdb/node-api'
import type { IdTable } from './read-ids.ts'
import type { ParsedRecord, ReadRecord } from './read-records.ts'
import { toStoredText } from './stored-text.ts'
import { columnCount, keywordColumns, position } from './table.ts'

export interface NewRecord extends ReadRecord {
  /** Dataset of its data stream. */
  readonly stream: string
  /** Holds its id, at the record's `index`; that of all records of a batch. */
  readonly ids: IdTable
}

const types: readonly DuckDBType[] = Array.from({ length: columnCount }, (_, column) => {
  if (column <= position.idLow) return UBIGINT
  return ([position.time, position.severity, position.offset] as number[]).includes(column)
    ? BIGINT
    : VARCHAR
})

/** DuckDB's vector size: the most rows of a chunk. */
const chunkRows = 2048

/** Appends the records, in order, to `<catalog>.records` within the connection's transaction. */
export async function appendRecords(
  connection: DuckDBConnection,
  catalog: string,
  records: readonly NewRecord[],
): Promise<void> {
  const appender = await connection.createAppender('records', 'main', catalog)
  try {
    for (let at = 0; at < records.length; at += chunkRows)
      appender.appendDataChunk(toChunk(records.slice(at, at + chunkRows)))
  } catch (cause) {
    // What it still held would be written whenever it is collected, outside any transaction.
    appender.clear()
    throw cause
  } finally {
    appender.closeSync()
  }
}

function toChunk(records: readonly NewRecord[]): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(types, records.length)
  const set = (column: number, read: (record: NewRecord) => string | bigint | null) => {
    const vector = chunk.getColumnVector(column) as DuckDBVector<string | bigint>
    // No array of values between: this runs for every cell.
    for (let row = 0; row < records.length; row++) {
      const record = records[row]
      if (record !== undefined) vector.setItem(row, read(record))
    }
    vector.flush()
  }
  set(position.idHigh, ({ ids, index }) => ids.longs[index * 2 + 1] ?? null)
  set(position.idLow, ({ ids, index }) => ids.longs[index * 2] ?? null)
  set(position.time, ({ timeNs }) => timeNs)
  set(position.stream, ({ stream }) => stream)
  set(position.message, ({ record }) => toStoredText(record.message))
  set(position.severity, ({ record }) => toInteger(record['severity_number']))
  set(position.offset, ({ record }) => toInteger(record['log.offset']))
  set(position.observed, ({ record }) => toText(record['observed_timestamp']))
  set(position.attributes, ({ record }) => toJson(record))
  keywordColumns.forEach(({ field }, i) => {
    set(position.firstKeyword + i, ({ record }) => toText(record[field]))
  })
  return chunk
}

const toText = (value: unknown): string | null =>
  typeof value === 'string' ? toStoredText(value) : null

const toInteger = (value: unknown): bigint | null =>
  Number.isSafeInteger(value) ? BigInt(value as number) : null

const toJson = ({ attributes }: ParsedRecord): string | null =>
  attributes === undefined ? null : JSON.stringify(attributes)
