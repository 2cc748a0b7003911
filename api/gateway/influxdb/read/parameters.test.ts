import { parseQuery } from '@warren/influxql/parse'
import { printStatement } from '@warren/influxql/print'
import { expect, it } from 'vitest'
import { epochOf, readParameters } from './parameters.ts'

it.each([
  [undefined, undefined],
  ['', undefined],
  ['ms', 'ms'],
  ['n', 'ns'],
  ['µ', 'u'],
  // As in InfluxDB, what is no unit means nanoseconds.
  ['days', 'ns'],
  ['constructor', 'ns'],
])('epoch %s', (text, unit) => expect(epochOf(text)).toBe(unit))

const q = 'q=SELECT+1'

it.each([
  ['a query that goes on when nobody waits', `${q}&async=true`, '', 'asynchronous'],
  ['the same in a form', '', `${q}&async=true`, 'asynchronous'],
  ['a node of a cluster', `${q}&node_id=1`, '', 'node_id'],
  ['the same in a form', q, 'node_id=1', 'node_id'],
  ['a password in an address', `${q}&u=admin&p=secret`, '', 'end up in logs'],
  ["another tenant's database", `${q}&db=warren_other`, '', 'database not found'],
  ['one that is in the form alone', q, 'db=warren_other', 'database not found'],
])('refuses %s with 403', (...attack) => {
  const [, address, form, reason] = attack
  const read = () => readParameters(address, new URLSearchParams(form))
  expect(read).toThrow(expect.objectContaining({ status: 403 }))
  expect(read).toThrow(reason)
})

it('keeps the digits of numbers that are bound', () => {
  const text = 'SELECT v FROM cpu WHERE a = $whole AND b = $point'
  const params = '{"whole":9007199254740993,"point":{"float":2.0}}'
  const given = new URLSearchParams({ q: text, params })
  const { bound } = readParameters('', given)
  expect(parseQuery(text, { parameters: bound }).map(printStatement)).toEqual([
    'SELECT v FROM cpu WHERE a = 9007199254740993 AND b = 2.0',
  ])
})

it.each(['5', '[]', '"x"'])('refuses params that are %s', (params) => {
  const given = new URLSearchParams({ q: 'SELECT 1', params })
  expect(() => readParameters('', given)).toThrow('params is not a JSON object')
})
