import { type BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { endOfMessage, isMessage, openMessage, readFields, readPair } from '../wire/protobuf.ts'
import { parseLabels } from './labels.ts'
import { checkLabels, type Label, maxStreams, type PushVisitor } from './push.ts'

/** `logproto.PushRequest`, field by field: https://github.com/grafana/loki/blob/main/pkg/push/push.proto */

interface Time {
  seconds: string
  nanoseconds: number
}

/** `google.protobuf.Timestamp`. */
function readTime(reader: BinaryReader): Time {
  const time: Time = { seconds: '0', nanoseconds: 0 }
  readFields(reader, endOfMessage(reader), (field, type) => {
    if (type !== WireType.Varint) return false
    if (field === 1) time.seconds = String(reader.int64())
    else if (field === 2) time.nanoseconds = reader.int32()
    else return false
    return true
  })
  return time
}

function readEntry(reader: BinaryReader, visitor: PushVisitor): void {
  let time: Time = { seconds: '0', nanoseconds: 0 }
  let line = ''
  const metadata: Label[] = []
  readFields(reader, endOfMessage(reader), (field, type) => {
    if (!isMessage(type)) return false
    if (field === 1) time = readTime(reader)
    else if (field === 2) line = reader.string()
    else if (field === 3) metadata.push(readPair(reader))
    else return false
    return true
  })
  visitor.entry({ ...time, line, metadata: checkLabels(metadata) })
}

/** Fields may come in any order: the labels first, then what they belong to. */
function readStream(reader: BinaryReader, visitor: PushVisitor): void {
  const end = endOfMessage(reader)
  const start = reader.pos
  let labels = '{}'
  readFields(reader, end, (field, type) => {
    if (field !== 1 || !isMessage(type)) return false
    labels = reader.string()
    return true
  })
  visitor.stream(parseLabels(labels))
  reader.pos = start
  readFields(reader, end, (field, type) => {
    if (field !== 2 || !isMessage(type)) return false
    readEntry(reader, visitor)
    return true
  })
}

/** Throws for what is no PushRequest or beyond the bounds: the visitor may have seen a part of it. */
export function readProtobufPush(body: Buffer, visitor: PushVisitor): void {
  const reader = openMessage(body)
  let streams = 0
  readFields(reader, body.length, (field, type) => {
    if (field !== 1 || !isMessage(type)) return false
    streams += 1
    if (streams > maxStreams) throw new Error(`more than ${maxStreams} streams`)
    readStream(reader, visitor)
    return true
  })
}
