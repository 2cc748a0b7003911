import { createRecordMessages } from '../records/record-messages.ts'
import { type BulkItem, readBulk } from './read-bulk.ts'
import { type Arrival, toRecord } from './to-record.ts'

/** What became of an item: why it can never be a record, or nothing. */
export interface ItemError {
  readonly type: string
  readonly reason: string
}

export interface Bulk {
  readonly items: readonly BulkItem[]
  /** Of each item, in order. */
  readonly errors: readonly (ItemError | undefined)[]
  /** Records of the good items, ready to publish. */
  readonly bodies: readonly Uint8Array[]
}

interface Options extends Arrival {
  readonly index: string | undefined
  readonly messageBytes: number
}

/** Above it an answer, of an item each, would be much larger than the request. */
const maxItems = 100_000
/** Elasticsearch's. */
const maxIdBytes = 512

const unchangeable: ItemError = {
  type: 'illegal_argument_exception',
  reason: 'only write ops with an op_type of create or index are allowed: records do not change',
}

const unreadable = (reason: string): ItemError => ({ type: 'document_parsing_exception', reason })

/** Turns a `_bulk` body to records. Throws an `HttpError` for what is no `_bulk` request. */
export function toBulk(body: Buffer, { index, messageBytes, ...arrival }: Options): Bulk {
  const items = readBulk(body, { index, maxItems })
  const messages = createRecordMessages(messageBytes)

  const tooLong = unreadable(`it has more than ${messageBytes} bytes`)

  const add = (item: BulkItem): ItemError | undefined => {
    // Before it is parsed: small values of JSON take many times their bytes in memory.
    if ((item.source?.length ?? 0) > messageBytes) return tooLong
    try {
      return messages.add(toRecord(item, arrival)) ? undefined : tooLong
    } catch (error) {
      return unreadable((error as Error).message)
    }
  }
  const take = (item: BulkItem): ItemError | undefined => {
    if (item.action === 'update' || item.action === 'delete') return unchangeable
    if (item.id !== undefined && Buffer.byteLength(item.id) > maxIdBytes)
      return unreadable(`its id is longer than ${maxIdBytes} bytes`)
    return add(item)
  }
  const errors = items.map(take)
  return { items, errors, bodies: messages.bodies() }
}

const refusedStatus = 400
const createdStatus = 201

/** https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk#operation-bulk-200: what an item is called is what its sender called it. */
export function toBulkAnswer({ items, errors }: Bulk, tookMs: number): object {
  return {
    took: tookMs,
    errors: errors.some((error) => error !== undefined),
    items: items.map(({ action, index, id = null }, at) => {
      const error = errors[at]
      const named = { _index: index, _id: id }
      return {
        [action]:
          error === undefined
            ? { ...named, _version: 1, result: 'created', status: createdStatus }
            : { ...named, status: refusedStatus, error },
      }
    }),
  }
}
