import { setImmediate as turn } from 'node:timers/promises'
import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { freeBytes } from '@warren/platform/free-bytes'
import { fetchChunk } from './fetch-chunk.ts'

/** Some rows of an answer, by column. Columns must hold no null. The arrays are read at once: they are empty when the next chunk is asked for. */
export class RowChunk {
  readonly rowCount: number
  readonly #chunk: DuckDBDataChunk
  readonly #arrays: Uint8Array[] = []

  constructor(chunk: DuckDBDataChunk) {
    this.#chunk = chunk
    this.rowCount = chunk.rowCount
  }

  int32(column: number): Int32Array {
    const data = this.#data(column, 4)
    return new Int32Array(data.buffer, data.byteOffset, this.rowCount)
  }

  float64(column: number): Float64Array {
    const data = this.#data(column, 8)
    return new Float64Array(data.buffer, data.byteOffset, this.rowCount)
  }

  int64(column: number): BigInt64Array {
    const data = this.#data(column, 8)
    return new BigInt64Array(data.buffer, data.byteOffset, this.rowCount)
  }

  /** BIGINT as pairs of halves, low first: no bigint is made. */
  int64Halves(column: number): Int32Array {
    const data = this.#data(column, 8)
    return new Int32Array(data.buffer, data.byteOffset, this.rowCount * 2)
  }

  /** Of a column of lists of DOUBLE: that of each row. */
  float64Lists(column: number): Float64Array[] {
    const list = duckdb.data_chunk_get_vector(this.#chunk.chunk, column)
    const ends = duckdb.vector_get_data(list, this.rowCount * 16)
    const places = new BigUint64Array(ends.buffer, ends.byteOffset, this.rowCount * 2)
    const child = duckdb.list_vector_get_child(list)
    const { buffer, byteOffset } = duckdb.vector_get_data(
      child,
      duckdb.list_vector_get_size(list) * 8,
    )
    return Array.from({ length: this.rowCount }, (_, row) => {
      const [offset, length] = [Number(places[2 * row]), Number(places[2 * row + 1])]
      return new Float64Array(buffer, byteOffset + offset * 8, length)
    })
  }

  text(column: number, row: number): string {
    return String(this.#chunk.getColumnVector(column).getItem(row) ?? '')
  }

  /** V8 counts the memory under the arrays as its own until they are gone: those of some hundred chunks are enough for it to mark the thread's whole heap. */
  release(): void {
    for (const array of this.#arrays) freeBytes(array)
  }

  #data(column: number, size: number): Uint8Array {
    const vector = duckdb.data_chunk_get_vector(this.#chunk.chunk, column)
    const data = duckdb.vector_get_data(vector, this.rowCount * size)
    this.#arrays.push(data)
    return data
  }
}

/** The next chunk, made while the reader is at work on the one before. */
function fetchNext(result: DuckDBResult): Promise<DuckDBDataChunk | undefined> {
  const next = fetchChunk(result)
  // It fails where it is awaited, which may be later than it does.
  next.catch(() => undefined)
  return next
}

/** Streams the rows of a query; the whole answer is never in memory. Stop by leaving the loop. */
export async function* streamChunks(
  connection: DuckDBConnection,
  sql: string,
  values: Record<string, string | number> = {},
): AsyncGenerator<RowChunk> {
  const result = await connection.stream(sql, values)
  let next = fetchNext(result)
  let ended = false
  try {
    for (;;) {
      const chunk = await next
      ended = chunk === undefined
      if (chunk === undefined) return
      next = fetchNext(result)
      const rows = new RowChunk(chunk)
      yield rows
      rows.release()
    }
  } finally {
    if (!ended) {
      await Promise.allSettled([next])
      await leaveStream(connection)
    }
  }
}

/** The same where the whole answer may be in memory: DuckDB makes it on all its threads at once, and no chunk is a round trip to one. */
export async function* heldChunks(
  connection: DuckDBConnection,
  sql: string,
): AsyncGenerator<RowChunk> {
  const result = await connection.run(sql)
  for (let index = 0; index < result.chunkCount; index++) {
    const rows = new RowChunk(result.getChunk(index))
    yield rows
    rows.release()
    if (index % chunksATurn === chunksATurn - 1) await turn()
  }
}

/** Of up to 2048 rows each, to be read before others have their turn: about 10 ms. */
const chunksATurn = 100

/** A stream that was left keeps its files open, so that they cannot be attached again, until the connection's next statement. */
export async function leaveStream(connection: DuckDBConnection): Promise<void> {
  await connection.run('SELECT 1').catch(() => undefined)
}

const highUnit = 4_294_967_296

/** The integer at `row` of `int64Halves`; exact up to 2^53. */
export const toInteger = (halves: Int32Array, row: number): number =>
  ((halves[2 * row] ?? 0) >>> 0) + (halves[2 * row + 1] ?? 0) * highUnit
