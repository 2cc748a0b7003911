import { copyByte, copySame, copyWord, from, lineEnd, startAt, to } from './copying'
import { fieldLengthsAt, fieldStartsAt } from './layout'
import { isNewKey, startKeys } from './line-keys'
import { copyNumber } from './numbers'

const space: u8 = 0x20
const comma: u8 = 0x2c
const equals: u8 = 0x3d

/** Of the last line whose fields were read: lines of one message mostly have the same ones in the same order, so that a key is compared before it is read. */
let count: i32 = 0

/** For other lines, whose bytes are elsewhere. */
export function forgetFields(): void {
  count = 0
}

/** Copies ` key=number,…` up to the space after it; false when it is anything else, or a key comes twice or is one of Warren's own. */
export function copyFields(): bool {
  const source = from
  const target = to
  if (copyKnownFields()) return true
  startAt(source, target, lineEnd)
  return readFields()
}

/** Where every key is the last line's at its place. Keys that are no two alike there are so here. */
function copyKnownFields(): bool {
  for (let field: i32 = 0; field < count; field += 1) {
    copyByte(load<u8>(from))
    const length = <usize>load<u32>(fieldLengthsAt + 4 * field)
    if (from + length > lineEnd) return false
    if (!copySame(<usize>load<u32>(fieldStartsAt + 4 * field), length)) return false
    if (!copyNumber() || from >= lineEnd) return false
    if (load<u8>(from) === space) return true
  }
  return false
}

function readFields(): bool {
  count = 0
  startKeys()
  let read: i32 = 0
  do {
    copyByte(load<u8>(from))
    const start = from
    if (!copyKey()) return false
    store<u32>(fieldStartsAt + 4 * read, <u32>start)
    store<u32>(fieldLengthsAt + 4 * read, <u32>(from - start))
    read += 1
    if (!copyNumber()) return false
  } while (from < lineEnd && load<u8>(from) === comma)
  if (from >= lineEnd || load<u8>(from) !== space) return false
  count = read
  return true
}

/** `key=` */
export function copyKey(): bool {
  const length = copyWord()
  if (from >= lineEnd || load<u8>(from) !== equals || !isNewKey(length)) return false
  copyByte(equals)
  return true
}
