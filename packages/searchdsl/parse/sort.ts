import { malformed, refused } from '../errors.ts'
import { checkAggregationField, checkFieldName } from '../field-types.ts'
import { limits } from '../limits.ts'
import { isObject, readObject, toList } from '../read/object-reader.ts'
import type { Sort } from '../tree.ts'

/** `sort` in all its spellings: a name, `{field: order}`, `{field: {order, …}}`, one object of several fields, a list of these. */
export function parseSort(value: unknown): readonly Sort[] {
  const keys = toList(value).flatMap(toKeys)
  if (keys.length > limits.sortFields)
    throw refused(`more than ${limits.sortFields} fields in [sort]`)
  return keys.map(({ field, options }) => toSort(field, options))
}

interface Key {
  readonly field: string
  readonly options: object
}

function toKeys(one: unknown): readonly Key[] {
  if (typeof one === 'string') return [{ field: one, options: {} }]
  const reader = readObject(one, 'sort')
  return reader.rest().map((field) => {
    const options = reader.take(field)
    return { field, options: isObject(options) ? options : { order: options } }
  })
}

function toSort(name: string, options: object): Sort {
  if (name === '_script')
    throw refused('[_script] is not accepted in [sort]: scripts are not accepted')
  if (name === '_score') throw refused('[_score] is not accepted in [sort]: hits are not scored')
  const field = name === '_doc' ? name : checkFieldName(name, 'sort')
  const reader = readObject(options, 'sort')
  const direction = reader.text('order')?.toLowerCase() ?? 'asc'
  const unmappedType = reader.text('unmapped_type')
  const missing = reader.text('missing')
  // Ours to choose: dates sort and print with nanoseconds.
  reader.text('format')
  reader.text('numeric_type')
  reader.end()
  if (direction !== 'asc' && direction !== 'desc')
    throw malformed(`Illegal sort order [${direction}]`)
  if (missing !== undefined && missing !== '_first' && missing !== '_last')
    throw refused(`[missing] [${missing}] is not accepted in [sort]`)
  checkAggregationField(field, 'sort', ['date', 'long', 'keyword', 'flattened'])
  return {
    field,
    direction,
    ...(unmappedType === undefined ? {} : { unmappedType: checkUnmapped(unmappedType) }),
    ...(missing === undefined ? {} : { missing }),
  }
}

function checkUnmapped(type: string): string {
  if (['boolean', 'long', 'date', 'keyword', 'double', 'float', 'integer'].includes(type))
    return type
  throw refused(`[unmapped_type] [${type}] is not accepted in [sort]`)
}
