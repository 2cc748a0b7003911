import type { DuckDBConnection } from '@duckdb/node-api'
import { escapeFieldKey } from '@warren/lineprotocol/escape'
import { streamChunks, toInteger } from '../../duckdb/read-chunks.ts'
import { Dictionary } from './dictionary.ts'
import { RawKeys } from './raw-keys.ts'
import { StaleWindows } from './rollups/stale-windows.ts'
import { type FieldKind, valueTables } from './schema.ts'

/** What writing to one day file needs in memory: ids, how far each column has got, and which windows rollups lack. */
export class DayWriter {
  readonly dictionary: Dictionary
  readonly stale = new StaleWindows()
  readonly keys = new RawKeys()
  #marks: Float64Array

  constructor(dictionary: Dictionary) {
    this.dictionary = dictionary
    this.#marks = new Float64Array(Math.max(1024, dictionary.columnCount * 2)).fill(-1)
  }

  /** Whether a point at that time is newer than every point of its column; if so it becomes the newest. */
  advance(column: number, offsetNs: number): boolean {
    if (column >= this.#marks.length) {
      const marks = this.#marks
      this.#marks = new Float64Array(marks.length * 2).fill(-1)
      this.#marks.set(marks)
    }
    if (offsetNs <= (this.#marks[column] ?? -1)) return false
    this.#marks[column] = offsetNs
    return true
  }
}

interface Source {
  readonly connection: DuckDBConnection
  /** Quoted name of the attached file. */
  readonly name: string
}

/** Reads a day file's names and the newest time of each column. */
export async function loadDayWriter(source: Source): Promise<DayWriter> {
  const dictionary = await loadDictionary(source)
  const writer = new DayWriter(dictionary)
  for (const table of valueTables) {
    const sql = `SELECT col, max(t) FROM ${source.name}.${table} GROUP BY col`
    for await (const chunk of streamChunks(source.connection, sql)) {
      const columns = chunk.int32(0)
      const times = chunk.int64Halves(1)
      for (let row = 0; row < chunk.rowCount; row++)
        writer.advance(columns[row] ?? 0, toInteger(times, row))
    }
  }
  const stale = await source.connection.runAndReadAll(
    `SELECT width, slot FROM ${source.name}.stale WHERE claimed = 0`,
  )
  for (const [width, slot] of stale.getRows()) writer.stale.load(Number(width), Number(slot))
  return writer
}

async function loadDictionary({ connection, name }: Source): Promise<Dictionary> {
  const dictionary = new Dictionary()
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRows()
  const measurements = (await rowsOf(`SELECT id, name FROM ${name}.measurements ORDER BY id`)).map(
    ([id, text]) => dictionary.addMeasurement(String(text), Number(id)),
  )
  const fields = (
    await rowsOf(`SELECT id, measurement, name, kind FROM ${name}.fields ORDER BY id`)
  ).map(([id, measurement, text, kind]) => {
    const name = String(text)
    const rawKey = Buffer.from(escapeFieldKey(name))
    const field = { id: Number(id), name, kind: Number(kind) as FieldKind, rawKey }
    dictionary.addField(known(measurements[Number(measurement)]), field)
    return field
  })
  const series = (await rowsOf(`SELECT id, measurement, key FROM ${name}.series ORDER BY id`)).map(
    ([id, measurement, key]) =>
      dictionary.addSeries(String(key), known(measurements[Number(measurement)]), Number(id)),
  )
  for await (const chunk of streamChunks(
    connection,
    `SELECT id, series, field FROM ${name}.columns ORDER BY id`,
  )) {
    const [ids, owners, names] = [chunk.int32(0), chunk.int32(1), chunk.int32(2)]
    for (let row = 0; row < chunk.rowCount; row++) {
      const field = known(fields[names[row] ?? -1])
      dictionary.addColumn(known(series[owners[row] ?? -1]), {
        id: ids[row] ?? 0,
        field,
        rawKey: field.rawKey,
      })
    }
  }
  return dictionary
}

function known<Entry>(entry: Entry | undefined): Entry {
  if (entry === undefined) throw new Error('BUG: a day file refers to an id it does not have')
  return entry
}
