import { type BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { endOfMessage, readFields } from '../wire/protobuf.ts'
import type { Sample } from './request.ts'

const staleLow = 2
const staleHigh = 0x7ff00000

export const newSample = (): Sample => ({ value: 0, timeMs: 0n, isStale: false })

/** `Sample`, the same in both versions. */
export function readSample(body: Buffer, reader: BinaryReader, sample: Sample): void {
  sample.value = 0
  sample.timeMs = 0n
  sample.isStale = false
  readFields(reader, endOfMessage(reader), (field, type) => {
    if (field === 1 && type === WireType.Bit64) {
      sample.value = reader.double()
      // A NaN need not keep its bits as a number.
      const at = reader.pos - 8
      sample.isStale =
        Number.isNaN(sample.value) &&
        body.readUInt32LE(at) === staleLow &&
        body.readUInt32LE(at + 4) === staleHigh
    } else if (field === 2 && type === WireType.Varint) sample.timeMs = BigInt(reader.int64())
    else return false
    return true
  })
}
