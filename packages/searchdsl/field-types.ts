import { keywordFields } from '@warren/contracts/log-record'
import { malformed, refused, SearchError } from './errors.ts'
import { toNumber } from './read/object-reader.ts'

export type FieldType = 'date' | 'text' | 'keyword' | 'long' | 'flattened'

/** The mapping both log stores have (contracts/log-record, plus what the poller stamps). An unknown field is unmapped: it matches nothing. */
const types: ReadonlyMap<string, FieldType> = new Map<string, FieldType>([
  ['@timestamp', 'date'],
  ['observed_timestamp', 'date'],
  ['message', 'text'],
  ['severity_number', 'long'],
  ['log.offset', 'long'],
  ['warren.tenant', 'keyword'],
  ['_id', 'keyword'],
  ...keywordFields.map((field) => [field, 'keyword'] as const),
])

/** The prefix of flattened keys: every value below it is a keyword. */
export const attributesPrefix = 'attributes.'

export function fieldType(field: string): FieldType | undefined {
  return types.get(field) ?? (field.startsWith(attributesPrefix) ? 'flattened' : undefined)
}

/** Mapped fields that an object's name stands for, as `log.level` and others for `log`. */
export function fieldsBelow(object: string): readonly string[] {
  return [...types.keys()].filter((field) => field.startsWith(`${object}.`))
}

/** A plain field name; metadata fields other than `_id` tell about the store, not about the log. */
export function checkFieldName(field: string, where: string): string {
  if (field === '' || field.length > 512) throw malformed(`[${where}] needs a field name`)
  if (field.includes('*')) throw refused(`a wildcard in the field name [${field}] is not accepted`)
  if (field.startsWith('_') && field !== '_id')
    throw refused(`field [${field}] is not accepted in [${where}]`)
  return field
}

/** Numeric metrics read numbers and dates; text has no doc values at all. Texts are Elasticsearch's own. */
export function checkAggregationField(
  field: string,
  aggregation: string,
  allowed: readonly FieldType[],
): void {
  const type = fieldType(field)
  checkValueField(field, `[${aggregation}]`)
  if (field === '_id') throw refused(`Fielddata access on the [_id] field is disallowed`)
  if (type === 'text')
    throw refused(
      `Fielddata is disabled on [${field}]: text fields are not optimised for aggregations and sorting. Use a keyword field instead.`,
    )
  if (type !== undefined && !allowed.includes(type))
    throw refused(
      `Field [${field}] of type [${type}] is not supported for aggregation [${aggregation}]`,
    )
}

/** The whole of the attributes exists or not; only its keys have values. */
export function checkValueField(field: string, where: string): void {
  if (field === 'attributes')
    throw refused(`${where} of [attributes] is not accepted: name one, as [${attributesPrefix}key]`)
}

export function checkNumber(field: string, value: unknown): void {
  if (fieldType(field) !== 'long') return
  if (toNumber(value) !== undefined) return
  throw new SearchError({
    type: 'number_format_exception',
    reason: `failed to create query: For input string: "${String(value)}" of field [${field}]`,
    status: 400,
  })
}
