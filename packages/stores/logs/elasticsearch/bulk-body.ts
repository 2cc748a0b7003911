import { dataStreamOf } from '@warren/contracts/names'
import type { RecordBatch } from '../log-store.ts'

const encoder = new TextEncoder()

/** The `_bulk` body that creates these records of the batch, each stamped with its tenant. */
export function toBulkBody(batch: RecordBatch, items: readonly number[]): Buffer {
  const actions = new Map<string, Uint8Array>()
  // Lines are JSON objects with at least an id, so a key can be put before the first.
  const stamp = encoder.encode(`"}}\n{"warren.tenant":"${batch.tenant}",`)
  const body = Buffer.allocUnsafe(bulkBytes(batch, items))
  let at = 0
  for (const item of items) {
    at = append(body, at, actionOf(batch, item, actions))
    const id = batch.ids[item] ?? ''
    for (let digit = 0; digit < id.length; digit += 1) body[at++] = id.charCodeAt(digit)
    at = append(body, at, stamp)
    const start = batch.starts[item] ?? 0
    const end = batch.starts[item + 1] ?? 0
    body.set(batch.bytes.subarray(start + 1, end), at)
    at += end - start - 1
  }
  return body.subarray(0, at)
}

function actionOf(
  { datasets, tenant }: RecordBatch,
  item: number,
  actions: Map<string, Uint8Array>,
): Uint8Array {
  const dataset = datasets[item] ?? ''
  const known = actions.get(dataset)
  if (known !== undefined) return known
  const stream = dataStreamOf(dataset, tenant)
  const action = encoder.encode(`{"create":{"_index":"${stream}","_id":"`)
  actions.set(dataset, action)
  return action
}

/** A loop: a native call costs more than these few bytes. */
function append(body: Buffer, start: number, bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at += 1) body[start + at] = bytes[at] ?? 0
  return start + bytes.length
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
