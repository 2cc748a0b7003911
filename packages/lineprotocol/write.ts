import { escapeFieldKey, escapeMeasurement, escapeString, escapeTag } from './escape.ts'

/** A number is written as a float, a bigint as an integer. */
export type FieldValue = number | bigint | boolean | string

export interface Point {
  readonly measurement: string
  /** Absent and empty values are left out: line protocol has no empty tag. */
  readonly tags: Readonly<Record<string, string | undefined>>
  /** NaN and infinite values are left out: line protocol has none. */
  readonly fields: Readonly<Record<string, FieldValue | undefined>>
  /** Nanoseconds since the epoch. */
  readonly timeNs: bigint
}

/** One line without line feed, tags sorted by their bytes; undefined when no field is left to write. */
export function toLine({ measurement, tags, fields, timeNs }: Point): string | undefined {
  const values = toFieldSet(fields)
  return values === '' ? undefined : `${toSeriesKey(measurement, tags)} ${values} ${timeNs}`
}

/** Measurement and sorted tags, as a line starts. */
export function toSeriesKey(measurement: string, tags: Point['tags']): string {
  let key = escapeMeasurement(measurement)
  for (const name of Object.keys(tags).sort()) {
    const value = escapeTag(tags[name] ?? '')
    if (value !== '' && name !== '') key += `,${escapeTag(name)}=${value}`
  }
  return key
}

/** `key=value,…`; empty when no value can be written. */
export function toFieldSet(fields: Point['fields']): string {
  let set = ''
  for (const name in fields) {
    const value = fields[name]
    const text = value === undefined ? undefined : toFieldValue(value)
    if (text === undefined) continue
    set += `${set === '' ? '' : ','}${escapeFieldKey(name)}=${text}`
  }
  return set
}

function toFieldValue(value: FieldValue): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined
  if (typeof value === 'bigint') return `${value}i`
  return typeof value === 'boolean' ? String(value) : `"${escapeString(value)}"`
}
