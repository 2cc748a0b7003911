import { dataStreamOf } from '@warren/contracts/names'
import type { RecordBatch } from '../log-store.ts'

/** The `_bulk` body that creates these records of the batch, each stamped with its tenant. */
export function toBulkBody(batch: RecordBatch, items: readonly number[]): Buffer {
  const actions = new Map<string, string>()
  // Lines are JSON objects with at least an id, so a key can be put before the first.
  const stamp = `"}}\n{"warren.tenant":"${batch.tenant}",`
  const body = Buffer.allocUnsafe(bulkBytes(batch, items))
  let at = 0
  for (const item of items) {
    const dataset = batch.datasets[item] ?? ''
    let action = actions.get(dataset)
    if (action === undefined) {
      action = `{"create":{"_index":"${dataStreamOf(dataset, batch.tenant)}","_id":"`
      actions.set(dataset, action)
    }
    at += body.write(action, at, 'latin1')
    at += body.write(batch.ids[item] ?? '', at, 'latin1')
    at += body.write(stamp, at, 'latin1')
    const [start, end] = lineOf(batch, item)
    body.set(batch.bytes.subarray(start + 1, end), at)
    at += end - start - 1
  }
  return body.subarray(0, at)
}

/** Upper bound of an item's bytes that are not its line: action, names, id, stamp. */
const overheadBytes = 256

const lineOf = ({ starts }: RecordBatch, item: number) =>
  [starts[item] ?? 0, starts[item + 1] ?? 0] as const

function bulkBytes(batch: RecordBatch, items: readonly number[]): number {
  let bytes = 0
  for (const item of items) {
    const [start, end] = lineOf(batch, item)
    bytes += end - start + overheadBytes
  }
  return bytes
}

/** Cuts the items into runs whose bodies stay below `maxBytes`; a longer item is alone. */
export function cutByBytes(
  batch: RecordBatch,
  items: readonly number[],
  maxBytes: number,
): number[][] {
  const runs: number[][] = []
  let run: number[] = []
  let bytes = 0
  for (const item of items) {
    const size = bulkBytes(batch, [item])
    if (run.length > 0 && bytes + size > maxBytes) {
      runs.push(run)
      run = []
      bytes = 0
    }
    run.push(item)
    bytes += size
  }
  return run.length === 0 ? runs : [...runs, run]
}
