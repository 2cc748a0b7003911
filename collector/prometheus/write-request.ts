import { type BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { endOfMessage, isMessage, openMessage, readFields } from '../wire/protobuf.ts'

/** `prometheus.WriteRequest` of remote write 1.0, read field by field: https://prometheus.io/docs/specs/prw/remote_write_spec/#protocol
 *  Metadata (field 3) is passed over. */

export interface Sample {
  value: number
  timeMs: bigint
  /** The series has ended: a NaN of this very bit pattern. */
  isStale: boolean
}

export interface SeriesVisitor {
  /** A series begins; false passes over its samples. The labels are the visitor's. */
  series(labels: ReadonlyMap<string, string>): boolean
  /** The object is used again for the next one. */
  sample(sample: Readonly<Sample>): void
  /** Of the series, and not read. */
  passedOver(kind: 'exemplar' | 'histogram'): void
}

export interface ReadBounds {
  readonly maxSeries: number
  /** Of one series. */
  readonly maxLabels: number
}

function readLabel(reader: BinaryReader, labels: Map<string, string>): void {
  let name = ''
  let value = ''
  readFields(reader, endOfMessage(reader), (field, type) => {
    if (!isMessage(type)) return false
    if (field === 1) name = reader.string()
    else if (field === 2) value = reader.string()
    else return false
    return true
  })
  labels.set(name, value)
}

const staleLow = 2
const staleHigh = 0x7ff00000

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

function readLabels(reader: BinaryReader, end: number, maxLabels: number): Map<string, string> {
  const labels = new Map<string, string>()
  let count = 0
  readFields(reader, end, (field, type) => {
    if (field !== 1 || !isMessage(type)) return false
    count += 1
    if (count > maxLabels) throw new Error(`more than ${maxLabels} labels of one series`)
    readLabel(reader, labels)
    return true
  })
  return labels
}

/** Throws for what is no WriteRequest or beyond the bounds: the visitor may have seen a part of it. */
export function readWriteRequest(
  body: Buffer,
  visitor: SeriesVisitor,
  { maxSeries, maxLabels }: ReadBounds,
): void {
  const reader = openMessage(body)
  const sample: Sample = { value: 0, timeMs: 0n, isStale: false }
  let series = 0

  const readSamples = (end: number): void =>
    readFields(reader, end, (field, type) => {
      if (!isMessage(type)) return false
      if (field === 2) {
        readSample(body, reader, sample)
        visitor.sample(sample)
        return true
      }
      if (field === 3) visitor.passedOver('exemplar')
      else if (field === 4) visitor.passedOver('histogram')
      return false
    })

  readFields(reader, body.length, (field, type) => {
    if (field !== 1 || !isMessage(type)) return false
    series += 1
    if (series > maxSeries) throw new Error(`more than ${maxSeries} series`)
    const end = endOfMessage(reader)
    const start = reader.pos
    // Fields may come in any order: labels first, then what they belong to.
    const wanted = visitor.series(readLabels(reader, end, maxLabels))
    reader.pos = start
    if (wanted) readSamples(end)
    else reader.pos = end
    return true
  })
}
