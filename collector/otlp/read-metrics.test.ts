import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { ValueType } from '@opentelemetry/api'
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type FieldShape, type MessageShape, readProtobuf, type Scalar } from './protobuf.ts'
import { readMetricMessages } from './read-metrics.ts'
import { metricsRequest } from './shapes.ts'
import { toMetricMessages } from './to-messages.ts'

/** Both ways from the bytes of a request to lines: straight, and through the objects of JSON. */
function bothWays(body: Buffer, { messageBytes = 65_536, maxBytes = 1_000_000 } = {}) {
  const outcomeOf = (way: typeof readMetricMessages) => {
    const left: string[] = []
    const leftOut = (reason: string) => void left.push(reason)
    try {
      const made = way(body, { messageBytes, maxBytes, arrivedMs: 1_700_000_000_123, leftOut })
      return { ...made, bodies: made.bodies.map((bytes) => Buffer.from(bytes).toString()), left }
    } catch (error) {
      return (error as { status?: number }).status ?? 'unreadable'
    }
  }
  const straight = outcomeOf(readMetricMessages)
  const throughObjects = outcomeOf((bytes, options) =>
    toMetricMessages(readProtobuf(bytes, metricsRequest) as never, options),
  )
  return { straight, throughObjects }
}

const texts = fc.oneof(
  ...[
    ['a', 'b', 'host.name', 'region', 'eu-1', 'm.n'],
    ['value', 'value_', 'le', 'count', '__proto__', 'process.pid', 'otel.scope.name'],
    ['', 'ü', 'a b', 'x,y=z', 'line\nbreak', 'back\\', '\\', '\ud800', '\u0000', '7'],
  ].map((words) => ({ weight: 60, arbitrary: fc.constantFrom(...words) })),
  fc.constantFrom('x'.repeat(60), 'y'.repeat(70_000), '\\'.repeat(70_000)),
)
const doubles = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, 10, 1e21, NaN, Infinity, -Infinity))
const integers = fc.oneof(
  fc.constantFrom(0n, 1n, -1n, 2n ** 53n + 1n),
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
)
const times = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(1_700_000_000_000_000_001n, 1_700_000_010_000_000_000n) },
  fc.constantFrom(0n, 1n, 2n ** 63n - 2n, 2n ** 63n - 1n, 2n ** 64n - 1n),
)
const counts = fc.oneof(fc.bigInt(0n, 9n), fc.bigInt(0n, 2n ** 64n - 1n))

/** Writes one field with its tag. */
type Field = (to: BinaryWriter) => unknown
type FieldMaker = (number: number) => fc.Arbitrary<Field>

const maker =
  <Value>(
    values: fc.Arbitrary<Value>,
    type: WireType,
    write: (to: BinaryWriter, value: Value) => unknown,
  ): FieldMaker =>
  (number) =>
    values.map((value) => (to) => write(to.tag(number, type), value))

const text = maker(texts, WireType.LengthDelimited, (to, value) => to.string(value))
const enumeration = maker(fc.nat(3), WireType.Varint, (to, value) => to.uint32(value))
const scalars: Readonly<Record<Scalar, FieldMaker>> = {
  ...{ string: text, hex: text, base64: text },
  ...{ int32: enumeration, uint32: enumeration, sint32: enumeration },
  bool: maker(fc.boolean(), WireType.Varint, (to, value) => to.bool(value)),
  double: maker(doubles, WireType.Bit64, (to, value) => to.double(value)),
  int64: maker(integers, WireType.Varint, (to, value) => to.int64(value)),
  fixed64: maker(counts, WireType.Bit64, (to, value) => to.fixed64(value)),
  sfixed64: maker(integers, WireType.Bit64, (to, value) => to.sfixed64(value)),
}
const time = maker(times, WireType.Bit64, (to, value) => to.fixed64(value))
const packedCounts = maker(
  fc.array(counts, { maxLength: 3 }),
  WireType.LengthDelimited,
  (to, list) => {
    to.fork()
    for (const count of list) to.fixed64(count)
    to.join()
  },
)

/** In the order of the schema mostly; now and then in another, and with a field that is not known. */
const inSomeOrder = (lists: fc.Arbitrary<Field[]>): fc.Arbitrary<Field[]> =>
  fc.oneof(
    { weight: 8, arbitrary: lists },
    fc.tuple(lists, fc.nat(9)).map(([fields, by]) => [...fields.slice(by), ...fields.slice(0, by)]),
    fc.tuple(lists, text(13)).map(([fields, unknown]) => [...fields, unknown]),
    fc.tuple(lists, lists).map(([fields, again]) => [...fields, ...again]),
  )

const messageOf = (number: number, fields: fc.Arbitrary<Field[]>): fc.Arbitrary<Field> =>
  fields.map((list) => (to) => {
    to.tag(number, WireType.LengthDelimited).fork()
    for (const field of list) field(to)
    return to.join()
  })

/** One of a few fields, rather than each. */
const alternatives = new Set(['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'])
const likelihood = ({ name }: FieldShape): number => (alternatives.has(name) ? 3 : 9)

/** How many there are of what holds the points, and of the points. */
const outer = new Map<string, fc.ArrayConstraints>([
  ['resourceMetrics', { minLength: 1, maxLength: 2 }],
  ['scopeMetrics', { minLength: 1, maxLength: 2 }],
  ['metrics', { minLength: 1, maxLength: 2, size: 'max' }],
  ['dataPoints', { maxLength: 5, size: 'max' }],
])

function fieldsOf(number: number, field: FieldShape, depth: number): fc.Arbitrary<Field[]> {
  const { name, type, repeated } = field
  if (name === 'bucketCounts') return packedCounts(number).map((packed) => [packed])
  const one =
    typeof type === 'string'
      ? (name === 'timeUnixNano' ? time : scalars[type])(number)
      : messageOf(number, fieldsOfShape(type(), depth - 1))
  if (repeated) return fc.array(one, outer.get(name) ?? { maxLength: 3, size: 'max' })
  const [some, none] = [likelihood(field), 10 - likelihood(field)]
  const given = { weight: some, arbitrary: one.map((only) => [only]) }
  return fc.oneof(given, { weight: none, arbitrary: fc.constant<Field[]>([]) })
}

function fieldsOfShape(shape: MessageShape, depth: number): fc.Arbitrary<Field[]> {
  if (depth === 0) return fc.constant([])
  const fields = [...shape]
  const isValue = shape.get(1)?.name === 'stringValue'
  if (!isValue)
    return inSomeOrder(
      fc
        .tuple(...fields.map(([number, field]) => fieldsOf(number, field, depth)))
        .map((lists) => lists.flat()),
    )
  const others = fields.slice(1).map(([number, field]) => fieldsOf(number, field, depth))
  const plain = { weight: 12, arbitrary: text(1).map((only) => [only]) }
  return fc.oneof(plain, fc.constant<Field[]>([]), inSomeOrder(fc.oneof(...others)))
}

const requests = fieldsOfShape(metricsRequest, 9).map((fields) => {
  const writer = new BinaryWriter()
  for (const field of fields) field(writer)
  return Buffer.from(writer.finish())
})

test('says of any request what the objects of JSON say', () => {
  fc.assert(
    fc.property(requests, fc.constantFrom(1_000, 1_000_000), (body, maxBytes) => {
      const { straight, throughObjects } = bothWays(body, { maxBytes })
      expect(straight).toEqual(throughObjects)
    }),
    { numRuns: 200 },
  )
})

test('takes no byte for another that the objects of JSON take', () => {
  const changes = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.boolean() })
  fc.assert(
    fc.property(requests, changes, (body, { at, byte, cut }) => {
      const changed = Buffer.from(cut ? body.subarray(0, at % body.length) : body)
      if (!cut) changed[at % body.length] = byte
      const { straight, throughObjects } = bothWays(changed)
      // What no line is made of is passed over, readable or not.
      if (cut || throughObjects !== 'unreadable') expect(straight).toEqual(throughObjects)
    }),
    { numRuns: 200 },
  )
})

test('keeps the tags of a point to that point, in the order of their names', () => {
  const point = (attributes: Readonly<Record<string, string | number>>, value: number) => ({
    ...{ attributes, value },
    ...{ startTime: [1_700_000_000, 0] as [number, number] },
    endTime: [1_700_000_001, 5] as [number, number],
  })
  const body = ProtobufMetricsSerializer.serializeRequest({
    resource: resourceFromAttributes({ 'service.name': 'shop', 'host.name': 'web' }),
    scopeMetrics: [
      {
        scope: { name: 'lib' },
        metrics: [
          {
            descriptor: {
              ...{ name: 'm,1', description: 'd', unit: 'By' },
              valueType: ValueType.DOUBLE,
            },
            dataPointType: DataPointType.GAUGE,
            aggregationTemporality: AggregationTemporality.CUMULATIVE,
            dataPoints: [
              point({ zone: 'a', le: 'x' }, 1),
              point({ zone: 'b', le: '' }, 2.5),
              point({ le: 'y y', zone: 'ü' }, -3),
              point({ code: 404, zone: 'a' }, 4),
              point({}, 5),
              point({ 'host.name': 'own', zone: 'tail\\' }, 6),
            ],
          },
        ],
      },
    ],
  })
  const { straight, throughObjects } = bothWays(Buffer.from(body ?? []))
  expect(straight).toEqual(throughObjects)
  expect(straight).toMatchObject({
    bodies: [
      [
        'm\\,1,host=web,le_=x,otel.scope.name=lib,service.name=shop,zone=a value=1',
        'm\\,1,host=web,otel.scope.name=lib,service.name=shop,zone=b value=2.5',
        'm\\,1,host=web,le_=y\\ y,otel.scope.name=lib,service.name=shop,zone=ü value=-3',
        'm\\,1,code=404,host=web,otel.scope.name=lib,service.name=shop,zone=a value=4',
        'm\\,1,host=web,otel.scope.name=lib,service.name=shop value=5',
        'm\\,1,host=own,otel.scope.name=lib,service.name=shop,zone=tail value=6',
      ]
        .map((line) => `${line} 1700000001000000005\n`)
        .join(''),
    ],
    host: 'web',
    metadata: [{ measurement: 'm,1', field: 'value', mtype: 'gauge', unit: 'B', what: 'd' }],
  })
})
