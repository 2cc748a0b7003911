import { type BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { endOfMessage, isMessage, openMessage, readFields } from '../wire/protobuf.ts'
import type { MetricDescription } from './meaning.ts'
import type { ReadBounds, RequestKind, RequestVisitor } from './request.ts'
import { createSamplesReader } from './sample.ts'
import { readSymbols, type Symbols } from './symbols.ts'

/** `io.prometheus.write.v2.Request` of remote write 2.0, read field by field: https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/#protocol
 *  Since when a counter counts (field 6 of a series) is passed over. */

interface References {
  /** As they are sent: a name, its value, the next name. */
  readonly list: number[]
  readonly max: number
}

/** Adds those of one field: many, or one when they are not packed. False for another type. */
function readReferences(reader: BinaryReader, type: WireType, { list, max }: References): boolean {
  if (!isMessage(type) && type !== WireType.Varint) return false
  const isPacked = isMessage(type)
  const end = isPacked ? endOfMessage(reader) : reader.pos + 1
  while (reader.pos < end) {
    if (list.length === max) throw new Error(`more than ${max / 2} labels of one series`)
    list.push(reader.uint32())
  }
  if (isPacked && reader.pos !== end) throw new Error('a number beyond the end of its list')
  return true
}

interface Description {
  type: number
  help: number
  unit: number
}

function readDescription(reader: BinaryReader): Description {
  const found = { type: 0, help: 0, unit: 0 }
  readFields(reader, endOfMessage(reader), (field, type) => {
    if (type !== WireType.Varint) return false
    if (field === 1) found.type = reader.int32()
    else if (field === 3) found.help = reader.uint32()
    else if (field === 4) found.unit = reader.uint32()
    else return false
    return true
  })
  return found
}

interface Head {
  readonly labels: ReadonlyMap<string, string>
  readonly description: MetricDescription | undefined
}

/** The problem when it refers to what is not there. */
function resolve(
  references: readonly number[],
  description: Description | undefined,
  { at, missing }: Symbols,
): Head | string {
  if (references.length % 2 !== 0) return 'a label without a value'
  const bad = missing(references) ?? missing([description?.help ?? 0, description?.unit ?? 0])
  if (bad !== undefined) return bad
  const labels = new Map<string, string>()
  for (let next = 0; next < references.length; next += 2)
    labels.set(at(references[next]), at(references[next + 1]))
  if (description === undefined) return { labels, description }
  const { type, help, unit } = description
  return { labels, description: { type, help: at(help), unit: at(unit) } }
}

/** Of a series, by field. */
const passedOver = new Map<number, 'exemplar' | 'histogram'>([
  [3, 'histogram'],
  [4, 'exemplar'],
])

function readRequest(body: Buffer, visitor: RequestVisitor, bounds: ReadBounds): void {
  const reader = openMessage(body)
  const symbols = readSymbols(body, bounds.maxSymbols)
  let series = 0

  const readHead = (end: number): Head | string => {
    const references = { list: [], max: 2 * bounds.maxLabels }
    let description: Description | undefined
    readFields(reader, end, (field, type) => {
      if (field === 1) return readReferences(reader, type, references)
      if (field !== 5 || !isMessage(type)) return false
      description = readDescription(reader)
      return true
    })
    return resolve(references.list, description, symbols)
  }
  const readSamples = createSamplesReader({ body, reader, visitor, passedOver })
  const begin = (head: Head | string): boolean => {
    if (typeof head === 'string') {
      visitor.badSeries(head)
      return false
    }
    const wanted = visitor.series(head.labels)
    if (wanted && head.description !== undefined) visitor.described(head.description)
    return wanted
  }

  readFields(reader, body.length, (field, type) => {
    if (field !== 5 || !isMessage(type)) return false
    series += 1
    if (series > bounds.maxSeries) throw new Error(`more than ${bounds.maxSeries} series`)
    const end = endOfMessage(reader)
    const start = reader.pos
    // Fields may come in any order: labels first, then what they belong to.
    const wanted = begin(readHead(end))
    reader.pos = wanted ? start : end
    if (wanted) readSamples(end)
    return true
  })
}

export const writeRequestV2: RequestKind = {
  name: 'io.prometheus.write.v2.Request',
  read: readRequest,
}
