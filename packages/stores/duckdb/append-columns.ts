import {
  BIGINT,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  INTEGER,
  UBIGINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'

/** Texts that lie in one buffer. */
interface TextSlices {
  readonly bytes: Buffer
  /** Of each row: where its text starts, and where it ends. */
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

/** Values of one column, none of them null: INTEGER, UTINYINT, BIGINT, UBIGINT, DOUBLE or VARCHAR. Only the first `rowCount` are used. */
type ColumnValues =
  | Int32Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array
  | Float64Array
  | readonly string[]
  | TextSlices

interface TableName {
  /** Of the attached file, without quotes; `temp` for a temporary table. */
  readonly catalog: string
  readonly table: string
}

export interface Rows {
  readonly columns: readonly ColumnValues[]
  readonly rowCount: number
}

function typeOf(values: ColumnValues): DuckDBType {
  if (values instanceof Int32Array) return INTEGER
  if (values instanceof Uint8Array) return UTINYINT
  if (values instanceof BigInt64Array) return BIGINT
  if (values instanceof BigUint64Array) return UBIGINT
  return values instanceof Float64Array ? DOUBLE : VARCHAR
}

interface Slice {
  readonly start: number
  readonly count: number
}

function fill(vector: duckdb.Vector, values: ColumnValues, { start, count }: Slice): void {
  if (isText(values)) {
    for (let row = 0; row < count; row++)
      // As bytes: the binding would end a string at its first NUL.
      duckdb.vector_assign_string_element_len(vector, row, Buffer.from(values[start + row] ?? ''))
    return
  }
  if ('starts' in values) {
    const { bytes, starts, ends } = values
    for (let row = 0; row < count; row++) {
      const text = bytes.subarray(starts[start + row], ends[start + row])
      duckdb.vector_assign_string_element_len(vector, row, text)
    }
    return
  }
  const { buffer, byteOffset, BYTES_PER_ELEMENT: size } = values
  duckdb.copy_data_to_vector(
    vector,
    0,
    buffer as ArrayBuffer,
    byteOffset + start * size,
    count * size,
  )
}

const isText = (values: ColumnValues): values is readonly string[] => Array.isArray(values)

/** Appends whole columns to a table, in the connection's transaction. Blocks the thread while it copies. */
export async function appendColumns(
  connection: DuckDBConnection,
  { catalog, table }: TableName,
  { columns, rowCount }: Rows,
): Promise<void> {
  if (rowCount === 0) return
  const appender = await connection.createAppender(table, 'main', catalog)
  try {
    const chunk = DuckDBDataChunk.create(columns.map(typeOf))
    const size = duckdb.vector_size()
    for (let start = 0; start < rowCount; start += size) {
      const count = Math.min(size, rowCount - start)
      chunk.reset()
      chunk.rowCount = count
      columns.forEach((values, index) => {
        fill(duckdb.data_chunk_get_vector(chunk.chunk, index), values, { start, count })
      })
      appender.appendDataChunk(chunk)
    }
  } finally {
    appender.closeSync()
  }
}
