import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { logRecordSchema } from '@warren/contracts/log-record'
import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { parseLabels } from './labels.ts'
import type { PushVisitor } from './push.ts'
import { readJsonPush } from './read-json.ts'
import { readProtobufPush } from './read-protobuf.ts'
import { toRecords } from './to-records.ts'

const at = '2026-11-24T00:00:00.000Z'
const mebibyte = 1024 ** 2

function read(reader: (visitor: PushVisitor) => void, maxBytes = mebibyte) {
  const sender = { tenant: 'default', name: 'shipper' }
  const push = toRecords(reader, { sender, at, messageBytes: 65_536, maxBytes })
  const lines = Buffer.concat(push.bodies).toString().split('\n').slice(0, -1)
  return { ...push, records: lines.map((line) => JSON.parse(line)) }
}

const fromJson = (value: unknown, maxBytes?: number) =>
  read((visitor) => readJsonPush(Buffer.from(JSON.stringify(value)), visitor), maxBytes)
const fromProtobuf = (body: Uint8Array, maxBytes?: number) =>
  read((visitor) => readProtobufPush(Buffer.from(body), visitor), maxBytes)

interface Line {
  readonly seconds: number
  readonly nanoseconds: number
  readonly line: string
  readonly metadata?: Readonly<Record<string, string>>
}

function toPush(labels: string, lines: readonly Line[]): Uint8Array {
  const writer = new BinaryWriter()
  writer.tag(1, WireType.LengthDelimited).fork()
  for (const { seconds, nanoseconds, line, metadata = {} } of lines) {
    writer.tag(2, WireType.LengthDelimited).fork()
    writer.tag(1, WireType.LengthDelimited).fork()
    writer.tag(1, WireType.Varint).int64(seconds)
    writer.tag(2, WireType.Varint).int32(nanoseconds).join()
    writer.tag(2, WireType.LengthDelimited).string(line)
    for (const [name, value] of Object.entries(metadata)) {
      writer.tag(3, WireType.LengthDelimited).fork()
      writer.tag(1, WireType.LengthDelimited).string(name)
      writer.tag(2, WireType.LengthDelimited).string(value).join()
    }
    writer.join()
  }
  // Behind the entries: the order of fields is free.
  writer.tag(1, WireType.LengthDelimited).string(labels)
  writer.tag(3, WireType.Varint).uint64(7).join()
  return writer.finish()
}

const labels = { job: 'varlogs', app: 'shop', level: 'warning', host: 'web-1', region: 'eu' }
const record = {
  id: expect.stringMatching(/^[0-9a-f]{32}$/),
  '@timestamp': '2023-11-14T22:13:20.000000005Z',
  observed_timestamp: at,
  message: 'GET /',
  'event.dataset': 'loki',
  'log.level': 'warn',
  severity_number: 13,
  'service.name': 'shop',
  'host.name': 'web-1',
  'trace.id': 't1',
  attributes: { job: 'varlogs', region: 'eu', region_extracted: 'us' },
}

it('makes the same record of a line in JSON and in protobuf: labels and metadata are fields', () => {
  const metadata = { trace_id: 't1', region: 'us' }
  const { records: json } = fromJson({
    streams: [{ stream: labels, values: [['1700000000000000005', 'GET /', metadata]] }],
  })
  expect(json).toEqual([record])
  const text = `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}`
  const line = { seconds: 1_700_000_000, nanoseconds: 5, line: 'GET /', metadata }
  const { records: protobuf } = fromProtobuf(toPush(text, [line]))
  expect(protobuf).toEqual(json)
})

it('knows a line again that is sent again, but not one that its sender had twice', () => {
  const values = [
    ['1', 'a'],
    ['1', 'a'],
    ['2', 'a'],
    ['1', 'b'],
  ]
  const ids = (stream: object) =>
    fromJson({ streams: [{ stream, values }] }).records.map(({ id }) => id)
  const first = ids({ x: '1', y: '2' })
  expect(new Set(first).size).toBe(4)
  expect(ids({ y: '2', x: '1' })).toEqual(first)
  expect(ids({ x: '2', y: '1' })).not.toEqual(first)
})

it('takes the dataset that a label names', () => {
  const { records } = fromJson({
    streams: [{ stream: { dataset: 'Shop.API' }, values: [['1', '']] }],
  })
  expect(records[0]).toMatchObject({ 'event.dataset': 'shop_api', message: '' })
})

it('leaves out lines that can be no record, beside the good ones', () => {
  const line = (seconds: number, text: string, nanoseconds = 0) => ({
    ...{ seconds, nanoseconds, line: text },
  })
  const push = fromProtobuf(
    toPush('{}', [
      ...[line(-1, 'early'), line(253_402_300_800, 'late'), line(1, 'odd', 1e9)],
      ...[line(1, 'x'.repeat(70_000)), line(1, 'good')],
    ]),
  )
  expect(push).toMatchObject({ refused: 4, problem: expect.stringContaining('before 1970') })
  expect(push.records.map(({ message }) => message)).toEqual(['good'])
})

test.each([
  ['{}', []],
  ['{a="b"}', [['a', 'b']]],
  [
    ' { a = "b" ,c="d,}" , } ',
    [
      ['a', 'b'],
      ['c', 'd,}'],
    ],
  ],
  [String.raw`{a="\"\\\n\x41\u00e4\q"}`, [['a', '"\\\nAäq']]],
])('reads labels %s', (text, pairs) => {
  expect(parseLabels(text)).toEqual(pairs)
})

test.each(['', '{', 'a="b"', '{a}', '{a=b}', '{a="b" c="d"}', '{="b"}', '{a="b}', '{1a="b"}'])(
  'refuses labels %s',
  (text) => {
    expect(() => parseLabels(text)).toThrow('unreadable labels')
  },
)

it('bounds labels', () => {
  const many = Array.from({ length: 257 }, (_, n) => `l${n}="x"`).join()
  expect(() => parseLabels(`{${many}}`)).toThrow('more than 256 labels')
  expect(() => parseLabels(`{a="${'x'.repeat(70_000)}"}`)).toThrow('unreadable')
})

const stream = (values: unknown) => ({ streams: [{ stream: {}, values }] })

test.each([
  [null, 'streams is no list'],
  [[], 'streams is no list'],
  [{ streams: {} }, 'streams is no list'],
  [{ streams: [null] }, 'values is no list'],
  [stream('x'), 'values is no list'],
  [{ streams: [{ stream: { a: 1 }, values: [] }] }, '"a" of a stream is no string'],
  [stream([[1, 'x']]), 'no string of nanoseconds'],
  [stream([['-1', 'x']]), 'no string of nanoseconds'],
  [stream([['1', 5]]), 'a line is no string'],
  [stream([['1', 'x', { a: {} }]]), '"a" of structured metadata is no string'],
  [stream(['1']), 'no string of nanoseconds'],
  [{ streams: Array(100_001).fill({ stream: {}, values: [] }) }, 'more than 100000 streams'],
])('refuses JSON that is no push: %j', (value, reason) => {
  expect(() => fromJson(value)).toThrow(reason)
})

it('refuses protobuf that is cut anywhere, or rubbish', () => {
  const body = toPush('{a="b"}', [{ seconds: 1, nanoseconds: 2, line: 'x', metadata: { c: 'd' } }])
  for (let cut = 1; cut < body.length; cut += 1)
    expect(() => fromProtobuf(body.subarray(0, cut))).toThrow('not a push of Loki')
  expect(fromProtobuf(new Uint8Array()).records).toEqual([])
  expect(() => fromProtobuf(Buffer.alloc(100_000, 0x0b))).toThrow('not a push of Loki')
  expect(() => fromProtobuf(Buffer.alloc(2 * 100_001, Buffer.from([0x0a, 0])))).toThrow('100000')
})

it('bounds what few bytes become', () => {
  const values = Array.from({ length: 2_000 }, (_, n) => [String(n), ''])
  const push = { streams: [{ stream: { a: 'x'.repeat(10_000) }, values }] }
  expect(() => fromJson(push)).toThrow(expect.objectContaining({ status: 413 }))
})

it('makes records of the contract of any labels', () => {
  const name = fc.constantFrom('level', 'app', 'host', '__proto__', 'dataset', '', 'message', 'id')
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string())), fc.string(), (pairs, line) => {
      const members = pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
      const body = `{"streams":[{"stream":{${members.join(',')}},"values":[["5",${JSON.stringify(line)}]]}]}`
      const { records } = read((visitor) => readJsonPush(Buffer.from(body), visitor))
      expect(logRecordSchema.strict().safeParse(records[0]).success).toBe(true)
    }),
  )
})
