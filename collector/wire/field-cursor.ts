/** Steps through the fields of one message without an object or a view for any: https://protobuf.dev/programming-guides/encoding/ */
export interface FieldCursor {
  readonly body: Buffer
  /** Of the field that was stepped on: its number times eight, plus its wire type. */
  tag: number
  /** Where the value is; of a length-delimited one what is behind the length. */
  start: number
  end: number
  /** The end of the message. */
  messageEnd: number
}

/** Wire types, as `tag & 7` has them. */
const wire = { varint: 0, bit64: 1, lengthDelimited: 2, startGroup: 3, bit32: 5 }

/** The tag of a field whose value is a message, text or bytes. */
export const messageTag = (field: number): number => field * 8 + wire.lengthDelimited
export const varintTag = (field: number): number => field * 8 + wire.varint
export const fixed64Tag = (field: number): number => field * 8 + wire.bit64

export const createFieldCursor = (body: Buffer): FieldCursor => ({
  ...{ body, tag: 0, start: 0, end: 0 },
  messageEnd: 0,
})

export function startFields(cursor: FieldCursor, start: number, end: number): void {
  cursor.end = start
  cursor.messageEnd = end
}

const maxVarintBytes = 10

function endOfVarint({ body, messageEnd }: FieldCursor, start: number): number {
  for (let at = start; at < messageEnd && at < start + maxVarintBytes; at += 1)
    if ((body[at] as number) < 0x80) return at + 1
  throw new Error('a number without an end')
}

/** A tag or a length, which have at most 32 bits; `end` is behind it then. */
function stepOverUint32(cursor: FieldCursor): number {
  const first = cursor.body[cursor.end] as number
  const end = endOfVarint(cursor, cursor.end)
  if (end === cursor.end + 1) {
    cursor.end = end
    return first
  }
  let value = 0
  for (let at = end - 1; at >= cursor.end; at -= 1)
    value = value * 128 + ((cursor.body[at] as number) & 0x7f)
  if (value > 0xffff_ffff) throw new Error('a number of more than 32 bits')
  cursor.end = end
  return value
}

function endOfValue(cursor: FieldCursor): number {
  switch (cursor.tag & 7) {
    case wire.varint:
      return endOfVarint(cursor, cursor.start)
    case wire.bit64:
      return cursor.start + 8
    case wire.lengthDelimited: {
      const length = stepOverUint32(cursor)
      cursor.start = cursor.end
      return cursor.start + length
    }
    case wire.bit32:
      return cursor.start + 4
    default:
      throw new Error('a group')
  }
}

/** Steps on the next field; false behind the last one. Throws for what is no message. */
export function nextField(cursor: FieldCursor): boolean {
  if (cursor.end >= cursor.messageEnd) return false
  cursor.tag = stepOverUint32(cursor)
  if (cursor.tag < 8) throw new Error('a field without a number')
  cursor.start = cursor.end
  cursor.end = endOfValue(cursor)
  if (cursor.end > cursor.messageEnd) throw new Error('a field beyond the end of its message')
  return true
}

/** Where a message stands in a body. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** Steps on each field whose value is a message and that has this number. */
export function eachMessage(
  body: Buffer,
  { start, end }: Range,
  { field, read }: { readonly field: number; readonly read: (message: Range) => void },
): void {
  const cursor = createFieldCursor(body)
  startFields(cursor, start, end)
  const wanted = messageTag(field)
  while (nextField(cursor))
    if (cursor.tag === wanted) read({ start: cursor.start, end: cursor.end })
}

/** The last one wins, as of every field that is not repeated; undefined when there is none. */
export function lastMessage(body: Buffer, within: Range, field: number): Range | undefined {
  let last: Range | undefined
  const read = (message: Range) => {
    last = message
  }
  eachMessage(body, within, { field, read })
  return last
}
