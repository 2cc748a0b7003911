import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { patternNames } from './patterns.ts'
import { createRedactor } from './redact.ts'
import { endOfString } from './suspicion.ts'

const redactor = createRedactor({ builtIn: patternNames })

describe('a secret is masked', () => {
  it.each([
    ['login password=hunter2 ok', 'login password=*** ok'],
    ['PASSWORD: "hunter2", user: "x"', 'PASSWORD: "***", user: "x"'],
    [String.raw`{\"db_passwd\":\"a b\"}`, String.raw`{\"db_passwd\":\"*** b\"}`],
    ['pwd=s3cret;', 'pwd=***;'],
    ['Authorization: Bearer abcdef123456', 'Authorization: Bearer ***'],
    ['sent bearer abcdefghijklmnop1234', 'sent bearer ***'],
    ['api_key=0123456789 next', 'api_key=*** next'],
    ['?access-key=abcdefgh&x=1', '?access-key=***&x=1'],
    ['client_secret: abcdefgh', 'client_secret: ***'],
    ['AKIAIOSFODNN7EXAMPLE used', '*** used'],
    [`ghp_${'a1'.repeat(18)}`, '***'],
    ['xoxb-123456789012-abc', '***'],
    ['sk_live_abcdefghijklmnop', '***'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', '***'],
    ['postgres://app:s3cret@db:5432/x', 'postgres://app:***@db:5432/x'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- x', '*** x'],
    ['card 4111 1111 1111 1111 declined', 'card *** declined'],
    ['card 378282246310005', 'card ***'],
    ['card 3782-822463-10005', 'card ***'],
  ])('%s', (text, masked) => {
    expect(redactor.text(text)).toBe(masked)
  })
})

describe('what is none stays', () => {
  it.each([
    'PWD=/srv/app',
    'the token was refused; tokens=512 key=user:1',
    'Basic authentication failed',
    'order 4111111111111112',
    'a 12345678-4111-1111-1111-111145678901 b4111111-1111 1111-4111',
    'at 1795132800000000000 ns, id 1234567890123',
    'see https://example.org:8080/a@b and me@example.org',
    'compass: north, author: x, monkey=5',
    '2026-11-20 10:00:00.123456 took 5 ms',
  ])('%s', (text) => {
    expect(redactor.text(text)).toBe(text)
  })

  it('is a path or a header without a value', () => {
    expect(redactor.text('password= ')).toBe('password= ')
  })
})

const fragments = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...['password', 'PassWd', 'passphrase', 'pwd', 'secret', 'token', 'authorization', 'api-key'],
      ...[
        'private_key',
        '=',
        ':',
        ': ',
        '"',
        "'",
        '\\',
        ' ',
        '://',
        'u:p@h',
        '@',
        '/',
        ';',
        'basic ',
      ],
      ...['Bearer ', 'bearer ', 'AKIA', 'ABCDEFGHIJKLMNOP', 'ghp_', 'xoxb-', 'sk_live_', 'wrn_'],
      ...['4111111111111111', '4111-1111-1111-1111', '37828224631', '0005', '6011', '-', '.', '5'],
      ...['-----BEGIN PRIVATE KEY-----', '-----END PRIVATE KEY-----', 'abcdef0123456789'],
      ...['eyJhbGciOiJI', '.eyJzdWIiOiIx', '***', '\n', 'é', 'x'],
    ),
    fc.string({ maxLength: 5 }),
  ),
  { maxLength: 10 },
)

it('is looked for with bytes alone first, which miss nothing that is masked', () => {
  fc.assert(
    fc.property(fragments, (parts) => {
      const text = parts.join('')
      const json = Buffer.from(JSON.stringify(text))
      const isPassed = endOfString(json, 1, true) === json.length - 1
      if (isPassed) expect(redactor.text(text)).toBe(text)
    }),
    { numRuns: 20_000 },
  )
})

it('is masked once: what is masked stays as it is', () => {
  fc.assert(
    fc.property(fragments, (parts) => {
      const once = redactor.text(parts.join(''))
      expect(redactor.text(once)).toBe(once)
    }),
    { numRuns: 20_000 },
  )
})

it.each([
  ['password', 'password='.repeat(20_000)],
  ['digits', '4'.repeat(200_000)],
  ['spaced digits', '41 '.repeat(60_000)],
  ['schemes', '://a:'.repeat(40_000)],
  ['key heads', '-----BEGIN '.repeat(20_000)],
  ['key heads whole', '-----BEGIN PRIVATE KEY-----'.repeat(8_000)],
  ['tokens', 'eyJaaaaaaaaa.'.repeat(16_000)],
  ['letters', 'a'.repeat(200_000)],
])('takes linear time: %s', (_, text) => {
  const before = process.cpuUsage().user
  redactor.text(text)
  // Microseconds of CPU; what is quadratic takes minutes.
  expect(process.cpuUsage(undefined).user - before).toBeLessThan(5_000_000)
})
