import type { ColumnChunk, FieldType } from '@warren/influxql/evaluate/source'
import { type FieldKind, fieldKinds, kindNames } from './schema.ts'

/** Of a field that has several types in the days of a query the first of these is read, as InfluxDB does with its shards. */
const byStrength: readonly FieldType[] = ['float', 'integer', 'string', 'boolean']

export function strongerType(one: FieldType, other: FieldType = one): FieldType {
  return byStrength.find((type) => type === one || type === other) ?? one
}

/** Whether the values of a day are read where the field has that type: integers are read as floats, others left out. */
export const isReadAs = (kind: FieldKind, type: FieldType | undefined): boolean =>
  kindNames[kind] === type || (kind === fieldKinds.integer && type === 'float')

/** Stored values of a kind as they are read. */
export function castChunk(chunk: ColumnChunk, kind: FieldKind, type: FieldType): ColumnChunk {
  const { values } = chunk
  if (kind === fieldKinds.boolean)
    return { ...chunk, values: Uint8Array.from(values as Float64Array) }
  if (type !== 'float' || !(values instanceof BigInt64Array)) return chunk
  return { ...chunk, values: Float64Array.from(values, Number) }
}
