import { expect, it } from 'vitest'
import { maskSecrets } from './mask-secrets.ts'

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
