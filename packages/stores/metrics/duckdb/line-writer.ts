import { unescapeFieldKey, unescapeString } from '@warren/lineprotocol/escape'
import { createFieldCursor, nextField, startFields } from '@warren/lineprotocol/fields'
import type { LineParts } from '@warren/lineprotocol/line-parts'
import { parseInteger, parseNumber } from '@warren/lineprotocol/number'
import { isTrue } from '@warren/lineprotocol/value'
import type { DayWriter } from './day-writer.ts'
import type { Column, Field, SeriesEntry } from './dictionary.ts'
import type { FieldTypes } from './field-types.ts'
import { IntegerRows, NumberRows, TextRows } from './row-buffer.ts'
import { type FieldKind, fieldKinds, kindNames, takesKind } from './schema.ts'
import { parseSeries } from './series-key.ts'

/** Rows of one batch for one day file: newer than all of their column, or not. */
export class DayRows {
  readonly numbers = new NumberRows()
  readonly oldNumbers = new NumberRows()
  readonly integers = new IntegerRows()
  readonly oldIntegers = new IntegerRows()
  texts = new TextRows()
  oldTexts = new TextRows()

  /** Empties them for another batch: V8 marks the whole heap each time that so many megabytes of such arrays have been made. */
  reset(): void {
    this.numbers.reset()
    this.oldNumbers.reset()
    this.integers.reset()
    this.oldIntegers.reset()
    this.texts = new TextRows()
    this.oldTexts = new TextRows()
  }
}

export interface LineTarget {
  readonly writer: DayWriter
  readonly types: FieldTypes
  readonly rows: DayRows
}

export interface ScannedLine {
  readonly bytes: Uint8Array
  readonly parts: LineParts
  readonly offsetNs: number
}

const cursor = createFieldCursor()

/** An integer is a number where that holds it. */
type FieldValue = number | bigint | string

/** The fields of the line in hand, filled before any of them is kept. */
const found: { columns: Column[]; values: FieldValue[]; count: number } = {
  columns: [],
  values: [],
  count: 0,
}

/** Turns a scanned line into rows; returns why InfluxDB would refuse it, and keeps nothing of it then. */
export function writeLine(
  { bytes, parts, offsetNs }: ScannedLine,
  target: LineTarget,
): string | undefined {
  const { keys, dictionary } = target.writer
  const series = keys.get(bytes, parts)
  if (series === undefined || !resolve(bytes, parts, series)) {
    const defined = define(bytes, parts, target)
    if (typeof defined === 'string') return defined
    // Lines that spell one series in ever new orders of tags must not fill the memory.
    if (keys.size > 2 * dictionary.series.size + 1000) keys.clear()
    keys.add(bytes, parts, defined)
    if (!resolve(bytes, parts, defined)) throw new Error('BUG: a defined series lacks a column')
  }
  keepAll(offsetNs, target)
  return undefined
}

/** The same for a line of a series that the file knows; false, and nothing is kept, when it lacks one of the columns. */
export function writeKnown(
  { bytes, parts, offsetNs }: ScannedLine,
  series: SeriesEntry,
  target: LineTarget,
): boolean {
  if (!resolve(bytes, parts, series)) return false
  keepAll(offsetNs, target)
  return true
}

function keepAll(offsetNs: number, target: LineTarget): void {
  for (let index = 0; index < found.count; index++) keep(index, offsetNs, target)
}

function keep(index: number, offsetNs: number, { writer, rows }: LineTarget): void {
  const column = found.columns[index]
  if (column === undefined) throw new Error('BUG: a field without a column')
  const value = found.values[index] ?? 0
  const isNew = writer.advance(column.id, offsetNs)
  if (typeof value === 'string')
    (isNew ? rows.texts : rows.oldTexts).push(column.id, offsetNs, value)
  else if (column.field.kind === fieldKinds.integer)
    (isNew ? rows.integers : rows.oldIntegers).push(column, offsetNs, value)
  else (isNew ? rows.numbers : rows.oldNumbers).push(column, offsetNs, Number(value))
}

function kindOfField(): FieldKind {
  if (cursor.kind === 'string') return fieldKinds.string
  if (cursor.kind === 'integer') return fieldKinds.integer
  return cursor.kind === 'boolean' ? fieldKinds.boolean : fieldKinds.float
}

/** Finds the column of each field; false when one is missing or of another kind. */
function resolve(bytes: Uint8Array, parts: LineParts, { columns }: SeriesEntry): boolean {
  startFields(cursor, parts)
  found.count = 0
  let next = 0
  while (nextField(cursor, bytes)) {
    const at = indexOfColumn(bytes, columns, next)
    const column = columns[at]
    if (column === undefined) return false
    const { kind } = column.field
    if (!takesKind(kind, kindOfField())) return false
    found.columns[found.count] = column
    found.values[found.count] = readValue(bytes, kind)
    found.count++
    next = at + 1
  }
  return true
}

/** Digits that always fit 2^53, and a sign. */
const maxExactLength = 15

function readValue(bytes: Uint8Array, kind: FieldKind): FieldValue {
  const { valueStart, valueEnd } = cursor
  if (kind === fieldKinds.integer && valueEnd - valueStart > maxExactLength)
    return parseInteger(bytes, valueStart, valueEnd)
  if (kind !== fieldKinds.boolean && kind !== fieldKinds.string)
    return parseNumber(bytes, valueStart, valueEnd)
  return kind === fieldKinds.boolean
    ? Number(isTrue(bytes, valueStart))
    : unescapeString(textOf(bytes, valueStart, valueEnd))
}

/** Lines of one series nearly always have the same fields in the same order: the search starts where the last one ended. */
function indexOfColumn(bytes: Uint8Array, columns: readonly Column[], first: number): number {
  for (let step = 0; step < columns.length; step++) {
    const at = (first + step) % columns.length
    const key = columns[at]?.rawKey
    if (key !== undefined && isKey(bytes, key)) return at
  }
  return -1
}

function isKey(bytes: Uint8Array, key: Uint8Array): boolean {
  const { keyStart, keyEnd } = cursor
  if (keyEnd - keyStart !== key.length) return false
  for (let at = 0; at < key.length; at++) if (bytes[keyStart + at] !== key[at]) return false
  return true
}

/** The series of a line and the columns of its fields, made where the file lacks them; or the conflict that forbids it. */
function define(
  bytes: Uint8Array,
  parts: LineParts,
  { writer, types }: LineTarget,
): SeriesEntry | string {
  const { dictionary } = writer
  const name = parseSeries(bytes, parts)
  const fields: Omit<Field, 'id'>[] = []
  startFields(cursor, parts)
  while (nextField(cursor, bytes)) {
    const rawKey = bytes.slice(cursor.keyStart, cursor.keyEnd)
    const field = unescapeFieldKey(Buffer.from(rawKey).toString())
    const kind = kindOfField()
    const known =
      dictionary.measurements.get(name.measurement)?.fields.get(field)?.kind ??
      types.get(name.measurement, field)
    if (known !== undefined && !takesKind(known, kind))
      return `field type conflict: input field "${field}" on measurement "${name.measurement}" is type ${kindNames[kind]}, already exists as type ${kindNames[known]}`
    fields.push({ name: field, kind, rawKey })
  }
  const series = dictionary.ensureSeries(name)
  for (const field of fields) {
    types.add(name.measurement, field.name, field.kind)
    const index = series.columns.findIndex((column) => column.field.name === field.name)
    const column = series.columns[index]
    if (column === undefined) dictionary.ensureColumn(series, field)
    // Another escaping of the same name: this one is expected from now on.
    else if (Buffer.compare(column.rawKey, field.rawKey) !== 0)
      series.columns[index] = { ...column, rawKey: field.rawKey }
  }
  return series
}

const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()
