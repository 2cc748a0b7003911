import { type BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { endOfMessage, isMessage, openMessage, readFields } from '../wire/protobuf.ts'
import type { ReadBounds, RequestKind, RequestVisitor } from './request.ts'
import { newSample, readSample } from './sample.ts'

/** `prometheus.WriteRequest` of remote write 1.0, read field by field: https://prometheus.io/docs/specs/prw/remote_write_spec/#protocol
 *  The numbers of its metadata, which that leaves out: https://github.com/prometheus/prometheus/blob/v2.42.0/prompb/types.proto */

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

function readFamily(reader: BinaryReader, visitor: RequestVisitor): void {
  let [kind, name, help, unit] = [0, '', '', '']
  readFields(reader, endOfMessage(reader), (field, type) => {
    if (field === 1 && type === WireType.Varint) kind = reader.int32()
    else if (!isMessage(type)) return false
    else if (field === 2) name = reader.string()
    else if (field === 4) help = reader.string()
    else if (field === 5) unit = reader.string()
    else return false
    return true
  })
  visitor.family(name, { type: kind, help, unit })
}

function readWriteRequest(
  body: Buffer,
  visitor: RequestVisitor,
  { maxSeries, maxLabels }: ReadBounds,
): void {
  const reader = openMessage(body)
  const sample = newSample()
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
  const readSeries = (): void => {
    series += 1
    if (series > maxSeries) throw new Error(`more than ${maxSeries} series`)
    const end = endOfMessage(reader)
    const start = reader.pos
    // Fields may come in any order: labels first, then what they belong to.
    const wanted = visitor.series(readLabels(reader, end, maxLabels))
    reader.pos = start
    if (wanted) readSamples(end)
    else reader.pos = end
  }

  readFields(reader, body.length, (field, type) => {
    if (!isMessage(type)) return false
    if (field === 1) readSeries()
    else if (field === 3) readFamily(reader, visitor)
    else return false
    return true
  })
}

export const writeRequest: RequestKind = {
  name: 'prometheus.WriteRequest',
  read: readWriteRequest,
}
