import { expect, test } from 'vitest'
import { parseQuery } from '../parse.ts'
import { printStatement } from '../print.ts'
import { scopeStatement } from '../scope.ts'
import { ScopeError } from './error.ts'

const scoped = (text: string, deployments?: readonly string[]): string => {
  const scope = { database: 'warren', tenant: 'acme', deployments }
  try {
    return parseQuery(text)
      .map((statement) => printStatement(scopeStatement(statement, scope)))
      .join('; ')
  } catch (error) {
    if (error instanceof ScopeError) return error.message
    throw error
  }
}

// InfluxDB answers each with an error where another deployment has a field of that name, and with nothing where none has.
test.each([
  ['SELECT median(state::string) FROM cpu', 'unsupported median iterator type: *query.string'],
  ['SELECT stddev(host::tag) FROM cpu', 'unsupported stddev iterator type: *query.string'],
  ['SELECT sum(up::boolean) FROM cpu', 'unsupported sum iterator type: *query.boolean'],
  ['SELECT min(a), max(state::string) FROM cpu', 'unsupported max iterator type'],
  ['SELECT difference(state::string) FROM cpu', 'unsupported difference iterator type'],
  [
    'SELECT derivative(first(state::string), 1s) FROM cpu GROUP BY time(1m)',
    'unsupported derivative iterator type',
  ],
  ['SELECT v FROM (SELECT mean(up::boolean) AS v FROM cpu)', 'unsupported mean iterator type'],
  // Its text would have the type of `v` in it.
  [
    'SELECT last(up::boolean) % count(v) FROM cpu',
    'type error: last(up::boolean) % count(v::field): incompatible types: boolean and integer',
  ],
  ['SELECT v + state::string FROM cpu', 'incompatible types: float and string'],
])('a caller with grants is told of %s what it is, before a store is asked', (text, error) => {
  expect(scoped(text, ['shop'])).toContain(error)
  expect(scoped(text)).toContain("tenant::tag = 'acme'")
})

test.each([
  'SELECT max(up::boolean) FROM cpu',
  'SELECT count(host::tag), last(state::string), elapsed(up::boolean, 1s) FROM cpu',
  'SELECT cumulative_sum(count(state::string)) FROM cpu GROUP BY time(1m)',
  'SELECT last(v) / 2, bytes::integer % 3 FROM cpu',
  'SELECT max(time) FROM cpu',
])('%s has a meaning', (text) => {
  expect(scoped(text, ['shop'])).toContain("deployment::tag = 'shop'")
})
