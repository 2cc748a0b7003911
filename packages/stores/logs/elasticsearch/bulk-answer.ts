import type { BulkItem } from './bulk-outcome.ts'
import { parseReply } from './client.ts'

export interface CreatedItem {
  readonly create: BulkItem
}

/** The part of each item that is read; the rest would be most of the answer. */
export const bulkFields =
  'items.create.status,items.create._index,items.create.error.type,items.create.error.reason,items.create.error.caused_by.reason'

const head = '{"items":['
const tail = ']}'
const created = 201

/** The index that has taken all `count` records, when the answer says of each the very same; undefined where it has to be read item by item.
 *  Answers are long and mostly of this kind: a comparison of bytes tells. */
export function indexOfAll(bytes: Buffer, count: number): string | undefined {
  const end = bytes.indexOf('}}', head.length, 'latin1') + 2
  const stride = end - head.length + 1
  const length = head.length + count * stride - 1 + tail.length
  if (end < 2 || bytes.length !== length || bytes.toString('latin1', 0, head.length) !== head)
    return undefined
  const items = bytes.subarray(head.length, length - tail.length)
  if (!items.subarray(stride).equals(items.subarray(0, Math.max(0, items.length - stride))))
    return undefined
  const first = parseItem(bytes.toString('utf8', head.length, end))
  return first?.status === created && first.error === undefined ? first._index : undefined
}

function parseItem(text: string): BulkItem | undefined {
  try {
    return (JSON.parse(text) as CreatedItem).create
  } catch {
    // The whole answer is read then, and found wanting.
    return undefined
  }
}

export function parseItems(bytes: Buffer): readonly CreatedItem[] {
  const { items } = parseReply({ status: 200, bytes }) as { items?: readonly CreatedItem[] }
  return items ?? []
}
