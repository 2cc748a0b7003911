import { type BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { endOfMessage, isMessage, openMessage, readFields } from '../wire/protobuf.ts'

/** Protobuf read into the objects that OTLP's JSON encoding has, so that everything behind it knows one form: names in lowerCamelCase, 64-bit integers as bigint, ids as hex.
 *  https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */

const scalars = {
  string: (reader: BinaryReader): unknown => reader.string(),
  bool: (reader: BinaryReader): unknown => reader.bool(),
  double: (reader: BinaryReader): unknown => reader.double(),
  int32: (reader: BinaryReader): unknown => reader.int32(),
  uint32: (reader: BinaryReader): unknown => reader.uint32(),
  sint32: (reader: BinaryReader): unknown => reader.sint32(),
  int64: (reader: BinaryReader): unknown => reader.int64(),
  fixed64: (reader: BinaryReader): unknown => reader.fixed64(),
  sfixed64: (reader: BinaryReader): unknown => reader.sfixed64(),
  hex: (reader: BinaryReader): unknown => Buffer.from(reader.bytes()).toString('hex'),
  base64: (reader: BinaryReader): unknown => Buffer.from(reader.bytes()).toString('base64'),
} as const

export type Scalar = keyof typeof scalars

const wireTypes: Readonly<Record<Scalar, WireType>> = {
  string: WireType.LengthDelimited,
  bool: WireType.Varint,
  double: WireType.Bit64,
  int32: WireType.Varint,
  uint32: WireType.Varint,
  sint32: WireType.Varint,
  int64: WireType.Varint,
  fixed64: WireType.Bit64,
  sfixed64: WireType.Bit64,
  hex: WireType.LengthDelimited,
  base64: WireType.LengthDelimited,
}

export interface FieldShape {
  readonly name: string
  readonly type: Scalar | (() => MessageShape)
  readonly repeated: boolean
}

/** Fields by their number; others are passed over. */
export type MessageShape = ReadonlyMap<number, FieldShape>

type Fields = Record<string, unknown>

/** Of messages within messages: attributes may hold attributes. */
const maxDepth = 32

function addTo(target: Fields, { name, repeated }: FieldShape, value: unknown): void {
  if (!repeated) target[name] = value
  else if (target[name] === undefined) target[name] = [value]
  else (target[name] as unknown[]).push(value)
}

/** False for a field of another wire type than its own, which is passed over as an unknown one is. */
function readScalar(
  reader: BinaryReader,
  { target, field, type }: { target: Fields; field: FieldShape; type: WireType },
): boolean {
  const scalar = field.type as Scalar
  if (type === wireTypes[scalar]) {
    addTo(target, field, scalars[scalar](reader))
    return true
  }
  if (!field.repeated || !isMessage(type)) return false
  const end = endOfMessage(reader)
  while (reader.pos < end) addTo(target, field, scalars[scalar](reader))
  return true
}

interface Extent {
  readonly end: number
  /** How many messages it is within. */
  readonly depth: number
}

function readMessage(reader: BinaryReader, shape: MessageShape, { end, depth }: Extent): Fields {
  if (depth > maxDepth) throw new Error(`messages within messages, more than ${maxDepth} deep`)
  const target: Fields = {}
  readFields(reader, end, (number, type) => {
    const field = shape.get(number)
    if (field === undefined) return false
    if (typeof field.type === 'string') return readScalar(reader, { target, field, type })
    if (!isMessage(type)) return false
    const inner = { end: endOfMessage(reader), depth: depth + 1 }
    addTo(target, field, readMessage(reader, field.type(), inner))
    return true
  })
  return target
}

/** One message of a body. Throws for what is no message of that shape. */
export function readMessageAt(
  reader: BinaryReader,
  shape: MessageShape,
  { start, ...extent }: Extent & { readonly start: number },
): unknown {
  reader.pos = start
  return readMessage(reader, shape, extent)
}

/** Throws for what is no message of that shape. */
export const readProtobuf = (body: Uint8Array, shape: MessageShape): unknown =>
  readMessage(openMessage(body), shape, { end: body.length, depth: 0 })
