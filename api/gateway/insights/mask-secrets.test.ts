import { expect, it } from 'vitest'
import { maskedStart, maskSecrets } from './mask-secrets.ts'

it.each([
  [`CREATE USER u WITH PASSWORD 'hunter2'`, `CREATE USER u WITH PASSWORD <secret>`],
  [`SET PASSWORD FOR "u" = 'hunter2'`, `SET PASSWORD FOR "u" = <secret>`],
  [`WHERE "password" = 'a\\'b' AND x = 1`, `WHERE "password" = <secret> AND x = 1`],
  [`WHERE "api_key"::tag =~ /^ab/ AND x = 1`, `WHERE "api_key"::tag =~ <secret> AND x = 1`],
  [`{"query":"db_password:hunter2 AND a"}`, `{"query":"db_password:<secret> AND a"}`],
  [`{"match_phrase":{"token":{"query":"a b"}}}`, `{"match_phrase":{"token":{"query":<secret>}}}`],
  [String.raw`{"query":"token:\"a b\" AND c"}`, `{"query":"token:<secret> AND c"}`],
  [`q = 'wrn_abcDEF-1_2'`, `q = '<secret>'`],
  [`from 'amqp://u:hunter2@broker/v'`, `from 'amqp://u:<secret>@broker/v'`],
  [`r.secret == "hun ter"`, `r.secret == <secret>`],
  [`"password" = 'cut of`, `"password" = <secret>`],
  [`SELECT mean(v) FROM tokens WHERE host = 'a'`, `SELECT mean(v) FROM tokens WHERE host = 'a'`],
])('shows %s without its secret', (text, shown) => {
  expect(maskSecrets(text)).toBe(shown)
})

it('shows no secret whose end is cut off', () => {
  const text = `${'x'.repeat(80)} http://bob:hunter2hunter2@broker/ ${'y'.repeat(50)}`
  for (let longest = 80; longest < 120; longest += 1) {
    const shown = maskedStart(text, longest)
    expect(shown).not.toContain('hunter')
    expect(shown).toHaveLength(longest + 1)
  }
  expect(maskedStart(text, 1000)).toBe(maskSecrets(text))
  expect(maskedStart('z'.repeat(5000), 10)).toBe('zzzzzzzzzz…')
})
