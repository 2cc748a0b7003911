import { type BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { endOfMessage, isMessage, readFields } from '../wire/protobuf.ts'
import type { RequestVisitor, Sample } from './request.ts'

const staleLow = 2
const staleHigh = 0x7ff00000

const newSample = (): Sample => ({ value: 0, timeMs: 0n, isStale: false })

/** `Sample`, the same in both versions. */
function readSample(body: Buffer, reader: BinaryReader, sample: Sample): void {
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

/** What a series has beside its labels, by field: samples are field 2 in both versions, what is passed over has other numbers. */
export interface SeriesReader {
  readonly body: Buffer
  readonly reader: BinaryReader
  readonly visitor: RequestVisitor
  readonly passedOver: ReadonlyMap<number, 'exemplar' | 'histogram'>
}

/** Reads the samples of a series up to its end. */
export function createSamplesReader({ body, reader, visitor, passedOver }: SeriesReader) {
  const sample = newSample()
  return (end: number): void =>
    readFields(reader, end, (field, type) => {
      if (!isMessage(type)) return false
      const other = passedOver.get(field)
      if (other !== undefined) visitor.passedOver(other)
      if (field !== 2) return false
      readSample(body, reader, sample)
      visitor.sample(sample)
      return true
    })
}
