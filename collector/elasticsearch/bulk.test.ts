import { logRecordSchema } from '@warren/contracts/log-record'
import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { toBulk, toBulkAnswer } from './bulk.ts'
import { datasetOfIndex } from './index-dataset.ts'
import { toTime } from './time.ts'

const at = '2026-11-24T00:00:00.000Z'

function read(text: string, index: string | undefined = 'app-prod', sender = 'shipper') {
  const bulk = toBulk(Buffer.from(text), {
    ...{ index, messageBytes: 65_536, at },
    sender: { tenant: 'default', name: sender },
  })
  const records = Buffer.concat(bulk.bodies).toString().split('\n').slice(0, -1)
  return { ...bulk, records: records.map((line) => JSON.parse(line)) }
}

const one = (document: unknown, action: object = { create: {} }): Record<string, unknown> =>
  read(`${JSON.stringify(action)}\n${JSON.stringify(document)}\n`).records[0]

it("maps a document of Filebeat's, nested or dotted, and keeps the rest as attributes", () => {
  const record = one({
    '@timestamp': '2026-11-23T10:00:00.123Z',
    message: 'GET /',
    log: { level: 'WARNING', offset: 77, file: { path: '/var/log/a' } },
    'service.name': 'shop',
    host: { name: 'web-1', ip: ['10.0.0.1', '10.0.0.2'] },
    agent: { id: 'a1', type: 'filebeat' },
    event: { dataset: 'nginx.access' },
    trace: { id: 't' },
    http: { status: 200, ok: true, none: null },
  })
  expect(record).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    '@timestamp': '2026-11-23T10:00:00.123Z',
    observed_timestamp: at,
    message: 'GET /',
    'event.dataset': 'nginx_access',
    'log.level': 'warn',
    severity_number: 13,
    'service.name': 'shop',
    'host.name': 'web-1',
    'agent.id': 'a1',
    'log.file.path': '/var/log/a',
    'log.offset': 77,
    'trace.id': 't',
    attributes: {
      'host.ip': '["10.0.0.1","10.0.0.2"]',
      'agent.type': 'filebeat',
      'http.status': 200,
      'http.ok': true,
    },
  })
})

it('finds message, time, level and host under the names that others use', () => {
  expect(one({ log: 'docker', time: '2026-11-23T10:00:00Z', stream: 'stdout' })).toMatchObject({
    ...{ '@timestamp': '2026-11-23T10:00:00Z', message: 'docker', 'event.dataset': 'app_prod' },
    attributes: { stream: 'stdout' },
  })
  expect(one({ msg: 'm', level: 'error', hostname: 'h', time: 1_700_000_000 })).toMatchObject({
    ...{ '@timestamp': at, message: 'm', 'log.level': 'error', 'host.name': 'h' },
    attributes: { time: 1_700_000_000 },
  })
  expect(one({ '@timestamp': 1_700_000_000_123, value: 5 })).toMatchObject({
    ...{ '@timestamp': '2023-11-14T22:13:20.123Z', attributes: { value: 5 } },
    message: '{"@timestamp":1700000000123,"value":5}',
  })
  expect(one({ message: '', log: 'not this' })['message']).toBe('')
})

it('gives a record the same id again when its sender names it or says where its line stood', () => {
  const id = (document: object, action: object = { create: {} }) => one(document, action)['id']
  const named = { index: { _index: 'a-2026.11.24', _id: '7' } }
  expect(id({ message: 'x' }, named)).toBe(id({ message: 'y' }, named))
  expect(id({}, named)).not.toBe(id({}, { index: { _index: 'b', _id: '7' } }))
  expect(id({}, { create: { _id: 7 } })).toBe(id({}, { create: { _id: '7' } }))
  const line = { agent: { id: 'a' }, log: { offset: 0, file: { path: '/f' } }, message: 'm' }
  expect(id(line)).toBe(id(line))
  expect(id(line)).not.toBe(id({ ...line, '@timestamp': at }))
  expect(id({ message: 'm' })).not.toBe(id({ message: 'm' }))
  const text = '{"create":{"_id":"1"}}\n{}\n'
  expect(read(text).records[0].id).not.toBe(read(text, 'app-prod', 'another').records[0].id)
})

it('answers each item by itself', () => {
  const deep = `${'{"a":'.repeat(30)}1${'}'.repeat(30)}`
  const bulk = read(
    [
      ...['{"create":{"_id":"1"}}', '{"message":"good"}', '{"delete":{"_id":"1"}}'],
      ...['{"update":{"_id":"1"}}', '{"doc":{}}', '{"index":{"_index":"x"}}', 'no JSON'],
      ...['{"index":{}}', '{"@timestamp":"yesterday"}', '{"index":{}}', deep],
      ...['{"index":{}}', `{"message":"${'x'.repeat(70_000)}"}`, '{"index":{}}', '[]'],
      ...['{"index":{}}', `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, ''],
    ].join('\n'),
  )
  expect(bulk.records.map(({ message }) => message)).toEqual(['good'])
  const { items, ...answer } = toBulkAnswer(bulk, 3) as { items: Record<string, never>[] }
  expect(answer).toEqual({ took: 3, errors: true })
  const made = { _index: 'app-prod', _id: '1', _version: 1, result: 'created', status: 201 }
  expect(items[0]).toEqual({ create: made })
  const failed = (type: string, reason: string) => ({
    ...{ _index: expect.any(String), status: 400 },
    error: { type, reason: expect.stringContaining(reason) },
  })
  const unread = (reason: string) => ({ index: failed('document_parsing_exception', reason) })
  expect(items.slice(1)).toMatchObject([
    { delete: failed('illegal_argument_exception', 'only write ops') },
    { update: failed('illegal_argument_exception', 'only write ops') },
    ...[unread('not JSON'), unread('[@timestamp]'), unread('deeper'), unread('65536 bytes')],
    ...[unread('not an object'), unread('deeper')],
  ])
})

test.each([
  ['', 'body is required'],
  ['{"index":{}}\n{}', 'terminated by a newline'],
  ['\n', 'no requests'],
  ['{"index":{}}\n', 'nothing follows'],
  ['x\n{}\n', 'line [1], it is not JSON'],
  ['{"create":{}}\n{}\n{"insert":{}}\n{}\n', 'line [3], expected one of'],
  ['{"index":{},"create":{}}\n{}\n', 'expected one of'],
  ['{"index":null}\n{}\n', 'expected an object'],
  ['null\n{}\n', 'expected an object'],
])('refuses the whole of %j', (text, reason) => {
  expect(() => read(text)).toThrow(reason)
})

it('wants an index, and no more actions than it can answer', () => {
  const bulk = (text: string) => () =>
    toBulk(Buffer.from(text), {
      ...{ index: undefined, messageBytes: 65_536, at, sender: { tenant: 'default' } },
    })
  expect(bulk('{"index":{}}\n{}\n')).toThrow('index is missing')
  expect(bulk('{"index":{"_index":"a"}}\n{}\n'.repeat(100_001))).toThrow('more than 100000')
})

it('makes a record of the contract of any object', () => {
  const name = fc.constantFrom(
    ...['message', 'log', 'level', 'host', 'service', 'log.offset', 'event', 'dataset', 'time'],
    ...['@timestamp', '__proto__', 'agent.id', 'id', 'deployment', 'attributes', ''],
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.jsonValue())), (pairs) => {
      const members = pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
      const { records, errors } = read(`{"create":{}}\n{${members.join(',')}}\n`)
      for (const record of records)
        expect(logRecordSchema.strict().safeParse(record).success).toBe(true)
      expect(records.length + errors.filter(Boolean).length).toBe(1)
    }),
  )
})

test.each([
  ['logs-nginx.access-default', 'nginx_access'],
  ['filebeat-8.19.0-2026.11.24', 'filebeat'],
  ['filebeat-8.19.0', 'filebeat'],
  ['.ds-thing', 'ds_thing'],
  ['app-prod-2026.11.24-000001', 'app_prod'],
  ['logstash-2026.48', 'logstash'],
  ['Ärger', 'rger'],
  ['2026.11.24', 'generic'],
  ['a'.repeat(300), 'a'.repeat(32)],
])('takes index %s for dataset %s', (index, dataset) => {
  expect(datasetOfIndex(index)).toBe(dataset)
})

test.each([
  ['2026-11-24', '2026-11-24T00:00:00Z'],
  ['2026-11-24T10:00', '2026-11-24T10:00:00Z'],
  ['2026-11-24 10:00:00,5+0200', '2026-11-24T10:00:00.5+02:00'],
  ['2026-11-24t10:00:00.1234567891z', '2026-11-24T10:00:00.123456789Z'],
  ['1700000000000', '2023-11-14T22:13:20.000Z'],
  ['2026-13-24', undefined],
  ['24/Nov/2026', undefined],
  [-1, undefined],
  [1e300, undefined],
  [true, undefined],
])('reads %s as %s', (value, time) => {
  expect(toTime(value)).toBe(time)
})
