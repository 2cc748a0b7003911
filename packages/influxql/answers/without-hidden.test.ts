import { expect, test } from 'vitest'
import { parseQuery } from '../parse.ts'
import { printStatement } from '../print.ts'
import { regexOfOthers } from '../regexes/regex-of-others.ts'
import { withoutHidden } from './without-hidden.ts'

const hidden = new Set(['tenant'])
const others = `/${regexOfOthers(['tenant'])}/`

const sent = (text: string): string =>
  parseQuery(text)
    .map((each) => printStatement(withoutHidden(each, hidden)))
    .join('; ')

test.each([
  ['SELECT v, tenant FROM m', 'SELECT v, "" AS tenant FROM m'],
  ['SELECT v, tenant::tag AS t FROM m', 'SELECT v, ""::tag AS t FROM m'],
  ['SELECT v * tenant FROM m', 'SELECT v * "" AS v_tenant FROM m'],
  ['SELECT tenant, v AS tenant FROM m', 'SELECT "" AS tenant_1, v AS tenant FROM m'],
  ['SELECT * FROM m', 'SELECT * FROM m GROUP BY tenant'],
  ['SELECT /ten/ FROM m GROUP BY host', 'SELECT /ten/ FROM m GROUP BY host, tenant'],
  ['SELECT * FROM m GROUP BY *', `SELECT * FROM m GROUP BY ${others}`],
  ['SELECT * FROM m GROUP BY /t/', 'SELECT * FROM m GROUP BY /t/'],
  ['SELECT max(v) FROM m GROUP BY tenant, host', 'SELECT max(v) FROM m GROUP BY host'],
  ['SELECT top(v, host, tenant, 3) FROM m', 'SELECT top(v, host, 3), "" AS tenant FROM m'],
  [
    'SELECT tenant, tenant::tag FROM (SELECT v AS tenant FROM m)',
    'SELECT tenant, ""::tag AS tenant_1 FROM (SELECT v AS tenant FROM m)',
  ],
  [
    "SELECT v FROM (SELECT v FROM m WHERE tenant = 'a') WHERE tenant = 'a'",
    `SELECT v FROM (SELECT v FROM m WHERE tenant = 'a') WHERE "" = 'a'`,
  ],
  ['SHOW TAG KEYS LIMIT 5 OFFSET 10', 'SHOW TAG KEYS LIMIT 16'],
  ['SHOW TAG KEYS OFFSET 10', 'SHOW TAG KEYS'],
  ['SHOW TAG VALUES WITH KEY =~ /n/ LIMIT 5', 'SHOW TAG VALUES WITH KEY =~ /n/ LIMIT 6'],
])('%s is sent as %s', (text, expected) => {
  expect(sent(text)).toBe(expected)
})

test.each([
  'SELECT v AS tenant, mean(*) FROM m',
  "SELECT v FROM m WHERE tenant = 'a' AND host = 'b' GROUP BY host",
  'SELECT tenant FROM (SELECT v AS tenant FROM m) WHERE tenant > 1',
  'SHOW TAG KEYS',
  'SHOW TAG VALUES WITH KEY = host LIMIT 5 OFFSET 3',
  'SHOW SERIES LIMIT 3',
])('%s is itself', (text) => {
  const [statement] = parseQuery(text)
  if (statement === undefined) throw new Error('BUG: a statement')
  expect(withoutHidden(statement, hidden)).toBe(statement)
})
