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
