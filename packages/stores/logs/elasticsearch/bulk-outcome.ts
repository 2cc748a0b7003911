import type { RefusedItem } from '../../write-outcome.ts'
import { type ErrorBody, textOf } from './client.ts'

/** One element of `items` in an answer to `_bulk`: https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk */
export interface BulkItem {
  readonly _index?: string
  readonly status: number
  readonly error?: ErrorBody
}

export type ItemOutcome =
  | { readonly kind: 'stored'; readonly backingIndex: string }
  | { readonly kind: 'again'; readonly reason: string }
  | { readonly kind: 'refused'; readonly refusal: Omit<RefusedItem, 'index'> }

/** Client errors that say something of the server or its settings, not of the record. */
const blamesServer = new Set([
  'cluster_block_exception',
  'index_closed_exception',
  'index_not_found_exception',
  'security_exception',
  'validation_exception',
])

export function toOutcome({ status, error, _index }: BulkItem): ItemOutcome {
  // 409: the id is ours and already there, from an earlier delivery.
  if (status < 300 || status === 409) return { kind: 'stored', backingIndex: _index ?? '' }
  const reason = textOf(error ?? {})
  if (status === 429 || status >= 500 || blamesServer.has(error?.type ?? ''))
    return { kind: 'again', reason }
  const code = reason.includes('[@timestamp]') ? 'bad_timestamp' : 'refused_by_store'
  return { kind: 'refused', refusal: { code, reason } }
}
