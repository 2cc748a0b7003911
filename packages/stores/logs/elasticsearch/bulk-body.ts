import { dataStreamOf } from '@warren/contracts/names'
import { idDigits } from '../../record-ids.ts'
import type { RecordBatch } from '../log-store.ts'

const { copy } = Buffer.prototype

/** What is written before each line of one dataset. */
interface Head {
  readonly bytes: Buffer
  /** Where the id goes. */
  readonly idAt: number
}

/** The `_bulk` body that creates these records of the batch, each stamped with its tenant.
 *  Copies are made without views between: a view costs more than what it shows. */
export function toBulkBody(batch: RecordBatch, items: readonly number[]): Buffer {
  const { bytes, starts, ids, datasets } = batch
  const heads = datasets.names.map((dataset) => toHead(dataset, batch.tenant))
  const body = Buffer.allocUnsafe(bulkBytes(batch, items))
  let at = 0
  for (const item of items) {
    const head = heads[datasets.places[item] ?? 0]
    if (head === undefined) throw new Error('BUG: a record without dataset')
    head.bytes.copy(body, at)
    const id = item * idDigits
    for (let digit = 0; digit < idDigits; digit += 1)
      body[at + head.idAt + digit] = ids[id + digit] ?? 0
    at += head.bytes.length
    const start = starts[item] ?? 0
    const end = starts[item + 1] ?? 0
    copy.call(bytes, body, at, start + 1, end)
    at += end - start - 1
  }
  return body.subarray(0, at)
}

function toHead(dataset: string, tenant: string): Head {
  const action = `{"create":{"_index":"${dataStreamOf(dataset, tenant)}","_id":"`
  // Lines are JSON objects with at least an id, so a key can be put before the first.
  const stamp = `"}}\n{"warren.tenant":"${tenant}",`
  return {
    bytes: Buffer.from(`${action}${'0'.repeat(idDigits)}${stamp}`),
    idAt: Buffer.byteLength(action),
  }
}

/** Upper bound of an item's bytes that are not its line: action, names, id, stamp. */
const overheadBytes = 256

const bytesOf = ({ starts }: RecordBatch, item: number): number =>
  (starts[item + 1] ?? 0) - (starts[item] ?? 0) + overheadBytes

function bulkBytes(batch: RecordBatch, items: readonly number[]): number {
  let bytes = 0
  for (const item of items) bytes += bytesOf(batch, item)
  return bytes
}

/** Cuts the items into runs whose bodies stay below `maxBytes`; a longer item is alone. */
export function cutByBytes(
  batch: RecordBatch,
  items: readonly number[],
  maxBytes: number,
): readonly (readonly number[])[] {
  const runs: (readonly number[])[] = []
  let first = 0
  let bytes = 0
  for (let at = 0; at < items.length; at += 1) {
    const size = bytesOf(batch, items[at] ?? 0)
    if (at > first && bytes + size > maxBytes) {
      runs.push(items.slice(first, at))
      first = at
      bytes = 0
    }
    bytes += size
  }
  return first < items.length ? [...runs, items.slice(first)] : runs
}
