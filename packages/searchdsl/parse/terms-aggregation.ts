import { malformed, refused } from '../errors.ts'
import { checkAggregationField, checkFieldName } from '../field-types.ts'
import { limits } from '../limits.ts'
import { type ObjectReader, readObject, required, toList } from '../read/object-reader.ts'
import type { Order, Scalar, TermsAggregation } from '../tree.ts'
import { checkValue } from './leaf.ts'

/** `terms`; hints about how to run it are read and dropped. */
export function parseTerms(body: unknown): TermsAggregation {
  const reader = readObject(body, 'terms')
  const field = required(reader.text('field'), 'field', 'terms')
  const size = reader.number('size') ?? 10
  if (!Number.isInteger(size) || size < 1) throw malformed(`[size] must be 1 or more in [terms]`)
  if (size > limits.buckets) throw refused(`[size] of [terms] above ${limits.buckets}`)
  const order = toList(reader.take('order')).flatMap(parseOrder)
  if (order.length > limits.sortFields)
    throw refused(`more than ${limits.sortFields} entries in [order]`)
  const minDocCount = reader.number('min_doc_count') ?? 1
  if (!Number.isInteger(minDocCount) || minDocCount < 0)
    throw malformed(`[min_doc_count] must be 0 or more, found [${minDocCount}]`)
  const missing = parseMissing(reader, field)
  for (const hint of ['shard_size', 'shard_min_doc_count']) reader.number(hint)
  for (const hint of ['execution_hint', 'collect_mode']) reader.text(hint)
  reader.flag('show_term_doc_count_error')
  reader.end()
  checkAggregationField(checkFieldName(field, 'terms'), 'terms', [
    'keyword',
    'flattened',
    'long',
    'date',
  ])
  return {
    type: 'terms',
    field,
    size,
    order: order.length === 0 ? [{ by: '_count', direction: 'desc' }] : order,
    minDocCount,
    ...(missing === undefined ? {} : { missing }),
  }
}

/** The key of the records without the field. */
function parseMissing(reader: ObjectReader, field: string): Scalar | undefined {
  const missing = reader.scalar('missing')
  if (missing !== undefined) checkValue(field, missing)
  return missing
}

function parseOrder(value: unknown): Order[] {
  const reader = readObject(value, 'order')
  return reader.rest().map((by) => {
    const direction = reader.text(by)?.toLowerCase()
    if (direction !== 'asc' && direction !== 'desc')
      throw malformed(`Unknown order direction [${direction}] of [${by}]`)
    if (by === '' || by.includes('>')) throw refused(`ordering by [${by}] is not accepted`)
    // `_term` is what `_key` was called before Elasticsearch 6.
    return { by: by === '_term' ? '_key' : by, direction }
  })
}
