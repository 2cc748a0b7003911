import { logRecordSchema } from '@warren/contracts/log-record'
import { timeZoneOf } from '@warren/searchdsl/time/time-zone'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSyslogReader } from './read.ts'

const nowMs = Date.UTC(2026, 10, 24, 12)
const at = new Date(nowMs).toISOString()

const read = (line: string | Buffer, { zone = 'UTC', now = nowMs, isCut = false } = {}) =>
  createSyslogReader(timeZoneOf(zone))({
    ...{ bytes: Buffer.from(line), at, nowMs: now, address: '192.0.2.7', isCut },
  })

const facts = (line: string, options = {}) => {
  const record = read(line, options)
  if (record === undefined) return undefined
  return [record['@timestamp'], record['host.name'], record['service.name'], record.message]
}

const attributesOf = (line: string) => ({ ...read(line)?.attributes })

// The examples of https://www.rfc-editor.org/rfc/rfc5424#section-6.5
describe('RFC 5424', () => {
  it('reads the first example', () => {
    const line = `<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \ufeff'su root' failed for lonvick on /dev/pts/8`
    expect(read(line)).toEqual({
      '@timestamp': '2003-10-11T22:14:15.003Z',
      observed_timestamp: at,
      message: "'su root' failed for lonvick on /dev/pts/8",
      'log.level': 'critical',
      severity_number: 18,
      'service.name': 'su',
      'host.name': 'mymachine.example.com',
      'event.dataset': 'syslog',
      attributes: {
        'log.syslog.facility.name': 'auth',
        'log.syslog.severity.code': 2,
        'log.syslog.msgid': 'ID47',
      },
    })
  })

  it('reads the second, with a zone and a process id', () => {
    const line = "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time"
    expect(facts(line)).toEqual([
      '2003-08-24T05:14:15.000003-07:00',
      '192.0.2.1',
      'myproc',
      "%% It's time",
    ])
    expect(attributesOf(line)).toMatchObject({
      'log.syslog.facility.name': 'local4',
      'log.syslog.procid': '8710',
    })
  })

  it('reads structured data, escapes undone, and a message without text', () => {
    const line = String.raw`<165>1 2003-10-11T22:14:15.003Z h evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="a \"b\" \\ \]" empty=""][priority@32473 class="high"]`
    expect(read(line)?.message).toBe('')
    expect(attributesOf(line)).toMatchObject({
      'log.syslog.structured_data.exampleSDID@32473.iut': '3',
      'log.syslog.structured_data.exampleSDID@32473.eventSource': 'a "b" \\ ]',
      'log.syslog.structured_data.exampleSDID@32473.empty': '',
      'log.syslog.structured_data.priority@32473.class': 'high',
    })
  })

  it('keeps broken structured data as text', () => {
    expect(facts('<13>1 - - - - - [x y="z text')).toEqual([
      at,
      '192.0.2.7',
      undefined,
      '[x y="z text',
    ])
  })

  it('takes the arrival for what is absent', () => {
    expect(facts('<13>1 - - - - - -')).toEqual([at, '192.0.2.7', undefined, ''])
  })
})

describe('RFC 3164', () => {
  it.each([
    [
      "<34>Oct 11 22:14:15 mymachine su: 'su root' failed",
      ['2026-10-11T22:14:15Z', 'mymachine', 'su', "'su root' failed"],
    ],
    ['<13>Nov  4 01:02:03 web1 app[12]: x: y', ['2026-11-04T01:02:03Z', 'web1', 'app', 'x: y']],
    [
      '<13>Nov 24 11:59:59 app[12]: no host',
      ['2026-11-24T11:59:59Z', '192.0.2.7', 'app', 'no host'],
    ],
    ['<13>Nov 24 11:59:59 fed: no host', ['2026-11-24T11:59:59Z', '192.0.2.7', 'fed', 'no host']],
    [
      '<13>Nov 24 11:59:59 2001:db8::1 app: v6',
      ['2026-11-24T11:59:59Z', '2001:db8::1', 'app', 'v6'],
    ],
    [
      '<189>Nov 24 2025 11:59:59.123: %SYS-5-CONFIG_I: Configured',
      ['2025-11-24T11:59:59.123Z', '192.0.2.7', '%SYS-5-CONFIG_I', 'Configured'],
    ],
    [
      '<13>2026-11-24T10:00:00.123456+01:00 web1 app: iso',
      ['2026-11-24T10:00:00.123456+01:00', 'web1', 'app', 'iso'],
    ],
    ['<13>just text', [at, '192.0.2.7', undefined, 'just text']],
    ['no priority', [at, '192.0.2.7', undefined, 'no priority']],
    ['<999>x', [at, '192.0.2.7', undefined, '<999>x']],
    ['<13>Feb', [at, '192.0.2.7', undefined, 'Feb']],
    ['<13>app: text\r\n\0', [at, '192.0.2.7', 'app', 'text']],
  ])('%s', (line, expected) => {
    expect(facts(line)).toEqual(expected)
  })

  it('has the year that is nearest', () => {
    const line = '<13>Dec 31 23:59:59 h a: x'
    expect(facts(line, { now: Date.UTC(2027, 0, 1) })?.[0]).toBe('2026-12-31T23:59:59Z')
    expect(facts('<13>Jan  1 00:00:01 h a: x', { now: Date.UTC(2026, 11, 31) })?.[0]).toBe(
      '2027-01-01T00:00:01Z',
    )
  })

  it('has the wall clock of its zone', () => {
    const line = '<13>Jul  1 12:00:00 h a: x'
    expect(facts(line, { zone: 'Europe/Berlin' })?.[0]).toBe('2026-07-01T10:00:00Z')
  })

  it('has the severity of its priority, or notice', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((code) => read(`<${code}>x`)?.severity_number)).toEqual([
      21, 19, 18, 17, 13, 10, 9, 5,
    ])
    expect(read('x')?.['log.level']).toBe('notice')
  })
})

it('takes bytes that are no UTF-8 as Latin-1', () => {
  const old = read(Buffer.from('<13>Stra\xdfe', 'latin1'))
  expect(old?.message).toBe('Straße')
  expect(old?.attributes).toMatchObject({ encoding_assumed: 'ISO-8859-1' })
  expect(read('<13>a \ufffd')?.message).toBe('a \ufffd')
  const cut = Buffer.from('<13>Straße').subarray(0, -2)
  expect(read(cut, { isCut: true })?.message).toBe('Stra')
})

it('says that a line was cut', () => {
  expect(read('<13>long', { isCut: true })?.attributes).toMatchObject({ line_truncated: true })
})

it('has no record for an empty line', () => {
  expect(read('\n')).toBeUndefined()
})

it('makes a record of the contract of any bytes', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('<13>', '1 ', '- ', '[a b="', '"]', 'Nov 24 00:00:00 ', at, ' ', ': '),
  )
  fc.assert(
    fc.property(fc.array(piece), fc.uint8Array({ maxLength: 8 }), (pieces, bytes) => {
      const record = read(Buffer.concat([Buffer.from(pieces.join('')), bytes]))
      if (record !== undefined)
        expect(logRecordSchema.strict().safeParse(record).success).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})
