import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

/** Messages read field by field, without a schema: https://protobuf.dev/programming-guides/encoding/ */

const decodeUtf8 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()

export const openMessage = (body: Uint8Array): BinaryReader => new BinaryReader(body, decodeUtf8)

/** Calls `read` for each field up to `end`; what it returns false for is skipped. */
export function readFields(
  reader: BinaryReader,
  end: number,
  read: (field: number, type: WireType) => boolean,
): void {
  while (reader.pos < end) {
    const [field, type] = reader.tag()
    if (type === WireType.StartGroup) throw new Error('a group')
    if (!read(field, type)) reader.skip(type, field)
  }
  if (reader.pos !== end) throw new Error('a field beyond the end of its message')
}

/** The end of the message that begins here. */
export function endOfMessage(reader: BinaryReader): number {
  const length = reader.uint32()
  const end = reader.pos + length
  if (end > reader.len) throw new Error('a message beyond the end of the body')
  return end
}

export const isMessage = (type: WireType): boolean => type === WireType.LengthDelimited

/** A message of two texts, fields 1 and 2: a label, as Prometheus and Loki have it. */
export function readPair(reader: BinaryReader): readonly [name: string, value: string] {
  let [name, value] = ['', '']
  readFields(reader, endOfMessage(reader), (field, type) => {
    if (!isMessage(type)) return false
    if (field === 1) name = reader.string()
    else if (field === 2) value = reader.string()
    else return false
    return true
  })
  return [name, value]
}
