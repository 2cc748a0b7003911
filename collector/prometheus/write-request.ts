import { type BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { endOfMessage, isMessage, openMessage, readFields, readPair } from '../wire/protobuf.ts'
import type { ReadBounds, RequestKind, RequestVisitor } from './request.ts'
import { createSamplesReader } from './sample.ts'

/** `prometheus.WriteRequest` of remote write 1.0, read field by field: https://prometheus.io/docs/specs/prw/remote_write_spec/#protocol
 *  The numbers of its metadata, which that leaves out: https://github.com/prometheus/prometheus/blob/v2.42.0/prompb/types.proto */

function readLabels(reader: BinaryReader, end: number, maxLabels: number): Map<string, string> {
  const labels = new Map<string, string>()
  let count = 0
  readFields(reader, end, (field, type) => {
    if (field !== 1 || !isMessage(type)) return false
    count += 1
    if (count > maxLabels) throw new Error(`more than ${maxLabels} labels of one series`)
    labels.set(...readPair(reader))
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

/** Of a series, by field. */
const passedOver = new Map<number, 'exemplar' | 'histogram'>([
  [3, 'exemplar'],
  [4, 'histogram'],
])

function readWriteRequest(
  body: Buffer,
  visitor: RequestVisitor,
  { maxSeries, maxLabels }: ReadBounds,
): void {
  const reader = openMessage(body)
  let series = 0

  const readSamples = createSamplesReader({ body, reader, visitor, passedOver })
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
