import type { DuckDBConnection } from '@duckdb/node-api'
import { appendColumns } from '../../duckdb/append-columns.ts'
import type { FieldKind } from './schema.ts'
import { type SeriesName, toSeriesKey } from './series-key.ts'

export interface Field {
  readonly id: number
  readonly name: string
  readonly kind: FieldKind
  /** Its key in lines, still escaped. */
  readonly rawKey: Uint8Array
}

export interface Column {
  readonly id: number
  readonly field: Field
  /** The field's key as the lines of this series have it, still escaped: compared without decoding. */
  readonly rawKey: Uint8Array
}

interface MeasurementEntry {
  readonly id: number
  readonly fields: Map<string, Field>
}

export interface SeriesEntry {
  readonly id: number
  readonly measurement: MeasurementEntry
  readonly columns: Column[]
}

interface Added {
  readonly measurements: { id: number; name: string }[]
  readonly fields: { id: number; measurement: number; name: string; kind: FieldKind }[]
  readonly series: { id: number; measurement: number; key: string }[]
  readonly columns: { id: number; series: number; field: number }[]
}

const nothingAdded = (): Added => ({ measurements: [], fields: [], series: [], columns: [] })

/** Ids of everything that senders named within one day file. What is added is appended to the file by `save`, in the transaction of the rows that need it; `takeAdditions` follows its commit. */
export class Dictionary {
  readonly measurements = new Map<string, MeasurementEntry>()
  /** By canonical key. */
  readonly series = new Map<string, SeriesEntry>()
  #fieldCount = 0
  #columnCount = 0
  #added = nothingAdded()

  get columnCount(): number {
    return this.#columnCount
  }

  addMeasurement(name: string, id = this.measurements.size): MeasurementEntry {
    const entry = { id, fields: new Map<string, Field>() }
    this.measurements.set(name, entry)
    return entry
  }

  addField(measurement: MeasurementEntry, field: Field): void {
    measurement.fields.set(field.name, field)
    this.#fieldCount = Math.max(this.#fieldCount, field.id + 1)
  }

  addSeries(key: string, measurement: MeasurementEntry, id = this.series.size): SeriesEntry {
    const entry = { id, measurement, columns: [] }
    this.series.set(key, entry)
    return entry
  }

  addColumn(series: SeriesEntry, column: Column): void {
    series.columns.push(column)
    this.#columnCount = Math.max(this.#columnCount, column.id + 1)
  }

  /** The series of this name, made if the file does not know it. */
  ensureSeries(name: SeriesName): SeriesEntry {
    const key = toSeriesKey(name)
    const known = this.series.get(key)
    if (known !== undefined) return known
    let measurement = this.measurements.get(name.measurement)
    if (measurement === undefined) {
      measurement = this.addMeasurement(name.measurement)
      this.#added.measurements.push({ id: measurement.id, name: name.measurement })
    }
    const entry = this.addSeries(key, measurement)
    this.#added.series.push({ id: entry.id, measurement: measurement.id, key })
    return entry
  }

  /** The column of a field of a series that has none yet. */
  ensureColumn(series: SeriesEntry, field: Omit<Field, 'id'>): Column {
    const { measurement } = series
    let known = measurement.fields.get(field.name)
    if (known === undefined) {
      known = { id: this.#fieldCount, ...field }
      this.addField(measurement, known)
      this.#added.fields.push({ ...known, measurement: measurement.id })
    }
    // Nearly always the same bytes: a million series share them.
    const isSame = Buffer.compare(known.rawKey, field.rawKey) === 0
    const rawKey = isSame ? known.rawKey : field.rawKey
    const column = { id: this.#columnCount, field: known, rawKey }
    this.addColumn(series, column)
    this.#added.columns.push({ id: column.id, series: series.id, field: known.id })
    return column
  }

  async save(connection: DuckDBConnection, catalog: string): Promise<void> {
    const { measurements, fields, series, columns } = this.#added
    const append = (
      table: string,
      rows: readonly object[],
      values: Parameters<typeof appendColumns>[2]['columns'],
    ) => appendColumns(connection, { catalog, table }, { columns: values, rowCount: rows.length })
    await append('measurements', measurements, [
      ints(measurements, 'id'),
      measurements.map(({ name }) => name),
    ])
    await append('fields', fields, [
      ints(fields, 'id'),
      ints(fields, 'measurement'),
      fields.map(({ name }) => name),
      Uint8Array.from(fields, ({ kind }) => kind),
    ])
    await append('series', series, [
      ints(series, 'id'),
      ints(series, 'measurement'),
      series.map(({ key }) => key),
    ])
    await append('columns', columns, [
      ints(columns, 'id'),
      ints(columns, 'series'),
      ints(columns, 'field'),
    ])
  }

  /** Whether something was added since the last call: after the commit of what `save` appended. */
  takeAdditions(): boolean {
    const added = Object.values(this.#added).some((rows) => rows.length > 0)
    if (added) this.#added = nothingAdded()
    return added
  }
}

const ints = <Name extends string>(rows: readonly Record<Name, number>[], name: Name): Int32Array =>
  Int32Array.from(rows, (row) => row[name])
