/** The block format: https://github.com/google/snappy/blob/main/format_description.txt
 *  Our own reader, since snappyjs goes round for ever on a literal whose length is negative as an int32. */

/** A copy makes 64 bytes of 3: no block unpacks to more than so many times its size. */
export const maxSnappyRatio = 22

const corrupt = (): Error => new Error('corrupt snappy block')

/** Little-endian, of 1 to 4 bytes. */
function integerAt(block: Buffer, at: number, bytes: number): number {
  if (at + bytes > block.length) throw corrupt()
  return block.readUIntLE(at, bytes)
}

/** What a block says that it unpacks to, and how many bytes say so. */
export function snappyLength(block: Buffer): { readonly length: number; readonly bytes: number } {
  let length = 0
  for (let at = 0; at < 5; at += 1) {
    const byte = integerAt(block, at, 1)
    length += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) return { length, bytes: at + 1 }
  }
  throw corrupt()
}

interface Element {
  /** Behind the element's tag, and its literal if it is one. */
  next: number
  length: number
  /** Back from the end of what is unpacked; 0 for a literal. */
  offset: number
}

function readLiteral(block: Buffer, at: number, element: Element): void {
  const short = integerAt(block, at, 1) >>> 2
  const extra = short < 60 ? 0 : short - 59
  element.length = (extra === 0 ? short : integerAt(block, at + 1, extra)) + 1
  element.next = at + 1 + extra + element.length
  element.offset = 0
  if (element.next > block.length) throw corrupt()
}

function readCopy(block: Buffer, at: number, element: Element): void {
  const tag = integerAt(block, at, 1)
  const kind = tag & 3
  const bytes = kind === 3 ? 4 : kind
  element.length = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1
  element.offset = integerAt(block, at + 1, bytes) + (kind === 1 ? (tag >>> 5) << 8 : 0)
  element.next = at + 1 + bytes
  if (element.offset === 0) throw corrupt()
}

/** What is copied may overlap with where it goes: then it repeats. */
function copyBack(output: Buffer, to: number, { offset, length }: Element): void {
  if (offset > to) throw corrupt()
  if (offset >= length) output.copyWithin(to, to - offset, to - offset + length)
  else for (let at = to; at < to + length; at += 1) output[at] = output[at - offset] as number
}

/** Throws, before it takes memory, for a block that says more than `maxBytes` or than its size can hold; throws for whatever else is wrong with it. */
export function unpackSnappy(block: Buffer, maxBytes: number): Buffer {
  const { length, bytes } = snappyLength(block)
  if (length > maxBytes || length > block.length * maxSnappyRatio) throw corrupt()
  const output = Buffer.allocUnsafe(length)
  const element: Element = { next: bytes, length: 0, offset: 0 }
  let written = 0
  for (let at = bytes; at < block.length; at = element.next) {
    if (((block[at] as number) & 3) === 0) readLiteral(block, at, element)
    else readCopy(block, at, element)
    if (written + element.length > length) throw corrupt()
    if (element.offset > 0) copyBack(output, written, element)
    else block.copy(output, written, element.next - element.length, element.next)
    written += element.length
  }
  if (written !== length) throw corrupt()
  return output
}
