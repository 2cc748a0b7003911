import { logRecordSchema } from '@warren/contracts/log-record'
import { idAt } from '@warren/stores/record-ids'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timeWindow } from '../time-window.ts'
import { normaliseLogs } from './normalise.ts'

const window = timeWindow(Date.UTC(2026, 10, 20), 86_400_000)
const origin = {
  messageId: 'm1',
  tenant: 'default',
  deployment: 'web',
  source: 'host1',
  fallbackNs: undefined,
}
const time = '2026-11-20T10:00:00Z'
const normalise = (body: string | Uint8Array, more = {}) => {
  const { chunk, refused } = normaliseLogs(Buffer.from(body), { ...origin, ...more }, window)
  const lines = Buffer.from(chunk.bytes).toString().split('\n').slice(0, -1)
  return { records: lines.map((line) => JSON.parse(line)), refused, chunk }
}

const one = (record: unknown, more = {}) => normalise(JSON.stringify(record), more).records[0]

describe('a canonical record', () => {
  it('has known keys, the deployment of the key, and everything else in attributes', () => {
    const record = one({
      id: 'a'.repeat(32),
      '@timestamp': '2026-11-20T12:00:00.123456789+02:00',
      message: 'hello',
      deployment: 'of the payload',
      tenant: 'evil',
      severity_number: 9,
      'log.level': 'info',
      'log.offset': 12,
      user: { name: 'x', tags: ['a', 1], gone: null },
      attributes: { region: 'eu', 'user.name': 'own' },
    })
    expect(record).toEqual({
      id: 'a'.repeat(32),
      '@timestamp': '2026-11-20T10:00:00.123456789Z',
      message: 'hello',
      deployment: 'web',
      severity_number: 9,
      'log.level': 'info',
      'log.offset': 12,
      attributes: { tenant: 'evil', 'user.name': 'own', 'user.tags': '["a",1]', region: 'eu' },
    })
  })

  it('keeps a value of the wrong type as an attribute', () => {
    expect(
      one({ '@timestamp': time, message: 'x', severity_number: 99, 'host.name': 5 }).attributes,
    ).toEqual({ severity_number: 99, 'host.name': 5 })
  })

  it('takes the time of its message when it has none', () => {
    expect(one({ message: 'x' }, { fallbackNs: 1_795_132_800_123_456_789n })['@timestamp']).toBe(
      '2026-11-20T00:00:00.123456789Z',
    )
  })

  it('has an id that a redelivery repeats, that differs by line, and that another tenant or sender cannot guess', () => {
    const line = JSON.stringify({ '@timestamp': time, message: 'x' })
    const ids = (more = {}) => {
      const { chunk } = normalise(`${line}\n${line}`, more)
      return [0, 1].map((item) => idAt(chunk.ids, item))
    }
    expect(ids()).toEqual(ids())
    expect(new Set([...ids(), ...ids({ messageId: 'm2' }), ...ids({ tenant: 't2' })]).size).toBe(6)
    const given = { id: 'mine', '@timestamp': time, message: 'x' }
    const own = one(given).id
    expect(own).toMatch(/^[0-9a-f]{32}$/)
    expect(one(given, { messageId: 'm2' }).id).toBe(own)
    expect(one(given, { source: 'other' }).id).not.toBe(own)
  })
})

it.each([
  ['{', 'malformed'],
  ['[]', 'malformed'],
  ['"x"', 'malformed'],
  [`{"@timestamp":"${time}"}`, 'malformed'],
  [`{"@timestamp":"${time}","message":5}`, 'malformed'],
  ['{"message":"x"}', 'no_timestamp'],
  ['{"message":"x","@timestamp":"yesterday"}', 'bad_timestamp'],
  ['{"message":"x","@timestamp":"2026-02-30T00:00:00Z"}', 'bad_timestamp'],
  ['{"message":"x","@timestamp":"1970-01-01T00:00:00Z"}', 'bad_timestamp'],
  ['{"message":"x","@timestamp":"2027-11-20T00:00:00Z"}', 'bad_timestamp'],
  ['{"message":"\0"}', 'malformed'],
])('refuses %s, not its neighbours', (line, code) => {
  const good = JSON.stringify({ '@timestamp': time, message: 'x' })
  const { records, refused, chunk } = normalise(`${good}\n${line}\n\n${good}`)
  expect(refused.map((item) => [item.index, item.code])).toEqual([[1, code]])
  expect(records).toHaveLength(2)
  expect([...chunk.positions]).toEqual([0, 2])
})

it.each([99, 100, 2_000, 100_000])(
  'takes or refuses a record of %i levels below its own',
  (levels) => {
    const array = `${'['.repeat(levels)}${']'.repeat(levels)}`
    const object = `${'{"b":'.repeat(levels)}1${'}'.repeat(levels)}`
    for (const deep of [array, object]) {
      const { records, refused } = normalise(`{"@timestamp":"${time}","message":"x","a":${deep}}`)
      const reason = 'nested deeper than 100 levels'
      expect(refused).toMatchObject(levels > 99 ? [{ code: 'malformed', reason }] : [])
      expect(records).toHaveLength(levels > 99 ? 0 : 1)
    }
  },
)

it('refuses a line of invalid UTF-8 alone', () => {
  const good = Buffer.from(`${JSON.stringify({ '@timestamp': time, message: 'x' })}\n`)
  const { records, refused } = normalise(Buffer.concat([good, Buffer.from([0xff, 0x0a]), good]))
  expect(records).toHaveLength(2)
  expect(refused).toMatchObject([{ index: 1, code: 'malformed' }])
})

it('never throws, and what comes out fits the contract', () => {
  const keys = fc.constantFrom(
    'message',
    '@timestamp',
    'id',
    'attributes',
    'host.name',
    'deployment',
    '__proto__',
    'log.offset',
    'severity_number',
    'x',
  )
  const entries = fc.array(fc.tuple(keys, fc.oneof(fc.jsonValue(), fc.constant(time))))
  const records = entries.map((pairs) => {
    const members = [['message', 'm'], ['@timestamp', time], ...pairs].map(
      ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
    )
    return `{${members.join(',')}}`
  })
  fc.assert(
    fc.property(fc.array(fc.oneof(records, fc.string(), fc.json())), (lines) => {
      for (const record of normalise(lines.join('\n')).records) {
        expect(logRecordSchema.strict().safeParse(record).success).toBe(true)
        expect(record.id).toMatch(/^[0-9a-f]{32}$/)
      }
    }),
    { numRuns: 2000 },
  )
})
