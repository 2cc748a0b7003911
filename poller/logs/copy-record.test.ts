import { nameAt } from '@warren/stores/item-names'
import { idAt } from '@warren/stores/record-ids'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRuleBook, type RuleBook } from '../rules/rule-book.ts'
import { defaultRules, rulesSchema } from '../rules/schema.ts'
import { timeWindow } from '../time-window.ts'
import { normaliseLogs } from './normalise.ts'

const nowMs = Date.UTC(2026, 10, 20)
const origin = {
  messageId: 'm1',
  tenant: 'default',
  deployment: 'web',
  source: 'host1',
  fallbackNs: undefined,
}

/** Longer than any text that is made here by chance, and of other words. */
const nobodys = 'a dataset that no record has'

/** A book whose records are always parsed, with the same masks: the rule is for a dataset that is none. */
const parsing = (rules: object = {}): RuleBook =>
  createRuleBook(rulesSchema.parse({ ...rules, logs: [{ datasets: [nobodys], drop: true }] }))
const copying = (rules: object = {}): RuleBook => createRuleBook(rulesSchema.parse(rules))

const read = (body: Buffer, rules: RuleBook, deployment: string | undefined = 'web') => {
  const window = timeWindow(nowMs, 86_400_000, { rules })
  const { chunk, refused } = normaliseLogs(body, { ...origin, deployment }, window)
  const bytes = Buffer.from(chunk.bytes)
  const lines = Array.from(chunk.positions, (_, item) =>
    bytes.toString('utf8', chunk.starts[item], chunk.starts[item + 1]),
  )
  expect(lines.join('')).toBe(bytes.toString())
  return {
    records: lines.map((line) => JSON.parse(line)),
    // The embedded store looks for id, time and message at the start of a line.
    heads: lines.map((line) => Object.keys(JSON.parse(line)).slice(0, 3)),
    ids: lines.map((_, item) => idAt(chunk.ids, item)),
    datasets: lines.map((_, item) => nameAt(chunk.datasets, item)),
    positions: [...chunk.positions],
    refused,
  }
}

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          'password',
          'token',
          'Api-Key',
          'pwd',
          '=',
          ': ',
          '"',
          '\\',
          '://',
          'u:p',
          '@',
          ' ',
          '\n',
        ],
        ...[
          '4111111111111111',
          '5500 0000 0000 0004',
          '12345678',
          'Bearer ',
          'AKIAABCDEFGHIJKLMNOP',
        ],
        ...[
          'eyJhbGciOiJI',
          '.eyJzdWIiOiIx',
          'ghp_',
          'sk_live_',
          'abcdefghijklmnopqrstuvwxyz0123456789',
        ],
        ...['-----BEGIN RSA PRIVATE KEY-----', 'xoxb-', 'wrn_', 'é', '\u2028', '\ud800'],
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
)
const times = fc.constantFrom(
  '2026-11-20T10:00:00Z',
  '2026-11-20T10:00:00.123Z',
  '2026-11-20T10:00:00.123456789Z',
  '2026-11-20T12:00:00.5+02:00',
  '2026-11-20 10:00:00Z',
  '2026-02-30T10:00:00Z',
  '1970-01-01T00:00:00Z',
  '2030-01-01T00:00:00.1Z',
  'never',
  '',
)
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
)
const attributes = fc.dictionary(
  fc.oneof(text, fc.constantFrom('a', 'b', 'password', 'api.key', '__proto__')),
  scalar,
)
const member = fc.oneof(
  fc.tuple(fc.constant('id'), fc.oneof(fc.constant('a'.repeat(32)), text)),
  fc.tuple(fc.constantFrom('@timestamp', 'observed_timestamp'), times),
  fc.tuple(fc.constantFrom('message', 'message', 'host.name', 'event.dataset', 'node'), text),
  fc.tuple(
    fc.constantFrom('severity_number', 'log.offset'),
    fc.oneof(fc.integer({ min: -3, max: 30 }), scalar),
  ),
  fc.tuple(fc.constant('attributes'), fc.oneof(attributes, scalar)),
  fc.tuple(fc.constantFrom('tenant', 'deployment', 'x', 'trace.id', ''), scalar),
)
const always = [
  ['id', 'b'.repeat(32)],
  ['@timestamp', '2026-11-20T10:00:00.25Z'],
] as const
const record = fc
  .tuple(fc.boolean(), text, fc.array(member, { maxLength: 6 }))
  .map(([isWhole, message, more]) =>
    (isWhole ? [...always, ['message', message] as const, ...more] : more)
      .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
      .join(','),
  )
  .map((members) => `{${members}}`)
/** Also what is JSON otherwise, or nearly. */
const line = fc.oneof(
  { weight: 5, arbitrary: record },
  { weight: 1, arbitrary: record.map((json) => json.replace(/[:,]/g, (sign) => `${sign} `)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(record, fc.nat(), fc.constantFrom('', '"', '\\', '0', 'e5', '}', '\\u0041', '-'))
      .map(([json, at, put]) => {
        const cut = at % (json.length + 1)
        return json.slice(0, cut) + put + json.slice(cut + 1)
      }),
  },
)

/** Of a dataset that is one character, and none that can be seen. */
const withZero = `{${[...always, ['event.dataset', '\0']]
  .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
  .join(',')}}`

const lineEnd = fc.constantFrom('\n', '\n', '\n', '\n\n', '\r\n', '')

it.each([
  ['with every mask', {}],
  ['with no mask', { redaction: { builtIn: [] } }],
  ['with one mask', { redaction: { builtIn: ['cards'] } }],
])('copies a record only where parsing and printing it gives the same, %s', (_, rules) => {
  const [copy, parse] = [copying(rules), parsing(rules)]
  fc.assert(
    fc.property(
      fc.array(fc.tuple(line, lineEnd), { maxLength: 5 }),
      fc.boolean(),
      (lines, isDeployed) => {
        const body = Buffer.from(lines.flat().join(''))
        const deployment = isDeployed ? 'web "1"' : undefined
        expect(read(body, copy, deployment)).toEqual(read(body, parse, deployment))
      },
    ),
    { numRuns: 4000, examples: [[[[withZero, '\n']], false]] },
  )
})

it('takes over a body that is canonical already without a copy', () => {
  const sent = ['1', '2'].map((digit) =>
    JSON.stringify({ id: digit.repeat(32), '@timestamp': '2026-11-20T10:00:00Z', message: digit }),
  )
  const body = Buffer.from(`${sent.join('\n')}\n`)
  const window = timeWindow(nowMs, 86_400_000, { rules: createRuleBook(defaultRules) })
  const { chunk } = normaliseLogs(body, { ...origin, deployment: undefined }, window)
  expect(chunk.bytes.buffer).toBe(body.buffer)
  expect(Buffer.from(chunk.bytes)).toEqual(body)
  expect([...chunk.starts]).toEqual([0, (sent[0]?.length ?? 0) + 1, body.length])
})

it('copies what the host agent sends', () => {
  const sent = {
    id: 'c'.repeat(32),
    '@timestamp': '2026-11-20T10:00:00.123Z',
    observed_timestamp: '2026-11-20T10:00:00.200Z',
    message: 'GET /api "ok"\tin 12 ms',
    'log.level': 'info',
    severity_number: 9,
    'host.name': 'h1',
    'log.offset': 120,
    'event.dataset': 'nginx',
    attributes: { line_truncated: true, size: 1.5 },
  }
  // `1.50` shows the way: parsing and printing would make `1.5` of it.
  const body = Buffer.from(JSON.stringify(sent).replace('1.5}', '1.50}'))
  const window = timeWindow(nowMs, 86_400_000, { rules: createRuleBook(defaultRules) })
  const { chunk } = normaliseLogs(body, origin, window)
  const printed = Buffer.from(chunk.bytes).toString()
  expect(printed).toContain('"size":1.50')
  const { id, '@timestamp': time, message, ...rest } = sent
  expect(JSON.parse(printed)).toEqual({ ...sent, deployment: 'web' })
  expect(Object.keys(JSON.parse(printed))).toEqual([
    'id',
    '@timestamp',
    'message',
    'deployment',
    ...Object.keys(rest),
  ])
  expect([id, time, message].every((value) => printed.includes(JSON.stringify(value)))).toBe(true)
})
