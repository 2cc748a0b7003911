import { copyNumber, copyWord, failed, type PlainCopy } from './plain-copy.ts'
import { createPlainKeys, isNewKey, type PlainKeys, startKeys } from './plain-keys.ts'
import { copySame } from './same-text.ts'

const space = 0x20
const comma = 0x2c
const equals = 0x3d
/** As many as `isNewKey` tells apart. */
const maxFields = 16

/** The keys of the last line's fields, each with its `=`: lines of one message mostly have the same ones in the same order, so that a key is compared before it is read. */
export interface PlainFields {
  readonly starts: Uint32Array
  readonly lengths: Uint32Array
  count: number
}

export const createPlainFields = (): PlainFields => ({
  starts: new Uint32Array(maxFields),
  lengths: new Uint32Array(maxFields),
  count: 0,
})

const fieldKeys = createPlainKeys()

/** Copies ` key=number,…` up to the space after it; `failed` when it is anything else, or a key comes twice or is one of Warren's own. */
export function copyFields(fields: PlainFields, copy: PlainCopy, start: number): number {
  const { shift } = copy
  const end = copyKnownFields(fields, copy, start)
  if (end >= 0) return end
  copy.shift = shift
  return readFields(fields, copy, start)
}

/** Where every key is the last line's at its place. Keys that are no two alike there are so here. */
function copyKnownFields(fields: PlainFields, copy: PlainCopy, start: number): number {
  const { source, end, target } = copy
  let at = start
  for (let field = 0; field < fields.count; field += 1) {
    target[at + copy.shift] = source[at] ?? 0
    copy.from = at + 1
    const valueStart = copyKnownKey(fields, field, copy)
    at = valueStart < 0 ? valueStart : copyNumber(copy, valueStart)
    if (at < 0 || at >= end) return failed
    if (source[at] === space) return at
  }
  return failed
}

/** Of the key that starts at `from`. */
function copyKnownKey(fields: PlainFields, field: number, copy: PlainCopy): number {
  copy.length = fields.lengths[field] ?? 0
  const valueStart = copy.from + copy.length
  if (valueStart > copy.end) return failed
  return copySame(copy.sourceView, fields.starts[field] ?? 0, copy) ? valueStart : failed
}

function readFields(fields: PlainFields, copy: PlainCopy, start: number): number {
  const { source, end, target } = copy
  const { starts, lengths } = fields
  let at = start
  let count = 0
  fields.count = 0
  startKeys(fieldKeys, source)
  do {
    target[at + copy.shift] = source[at] ?? 0
    const valueStart = copyKey(copy, fieldKeys, at + 1)
    if (valueStart < 0) return failed
    starts[count] = at + 1
    lengths[count] = valueStart - at - 1
    count += 1
    at = copyNumber(copy, valueStart)
    if (at < 0) return failed
  } while (at < end && source[at] === comma)
  if (at >= end || source[at] !== space) return failed
  fields.count = count
  return at
}

/** `key=`; returns where its value starts. */
export function copyKey(copy: PlainCopy, keys: PlainKeys, start: number): number {
  const { source, end, target, shift } = copy
  const at = copyWord(copy, start)
  if (at >= end || source[at] !== equals || !isNewKey(keys, start, at)) return failed
  target[at + shift] = equals
  return at + 1
}
