import type { Value } from '../../answers/result.ts'
import type { Reference } from '../../expression.ts'
import type { FrameRow, Table } from '../frame.ts'
import type { FieldType } from '../source.ts'
import type { Compiled } from './compile-expression.ts'

/** The value of a field in a row, cast where the reference asks for it; undefined when the field has no values of that type at all. */
export function fieldValue(
  { name, type }: Reference,
  table: Table,
): Compiled<FrameRow> | undefined {
  const own = table.fields.get(name)
  if (own === undefined) return undefined
  const read: Compiled<FrameRow> = ({ frame, index }) => frame.columns.get(name)?.[index] ?? null
  if (type === undefined || type === 'field' || type === own) return read
  if (type === 'tag' && table.tagFields?.has(name) === true) return read
  if (type === 'float' && own === 'integer') return (row) => toFloat(read(row))
  return type === 'integer' && own === 'float' ? (row) => toInteger(read(row)) : undefined
}

/** Whether the values of a field are floats as they are stored, and wanted as such. */
export const isStoredFloat = (reference: Reference, table: Table): boolean =>
  isStoredAs(reference, table, 'float')

/** The same of floats or integers. */
export const isStoredNumber = (reference: Reference, table: Table): boolean =>
  isStoredFloat(reference, table) || isStoredAs(reference, table, 'integer')

function isStoredAs({ name, type }: Reference, { fields }: Table, wanted: FieldType): boolean {
  const isAsStored = type === undefined || type === 'field' || type === wanted
  return isAsStored && fields.get(name) === wanted
}

const toFloat = (value: Value): Value => (value === null ? null : Number(value))

/** Of a float, as a cast of Go makes it; null for anything else. */
export function toInteger(value: Value): bigint | null {
  if (typeof value !== 'number') return null
  // What does not fit becomes the least integer, as on the processors InfluxDB runs on.
  const fits = value > -(2 ** 63) && value < 2 ** 63
  return fits ? BigInt(Math.trunc(value)) : -(2n ** 63n)
}
