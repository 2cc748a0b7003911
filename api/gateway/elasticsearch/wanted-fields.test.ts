import { expect, it } from 'vitest'
import { wantedFields } from './wanted-fields.ts'

it.each([
  [undefined, '', ['*']],
  ['a,b*', '', ['a', 'b*']],
  ['a', '{"fields":["b","c,d"]}', ['a', 'b', 'c', 'd']],
  [undefined, '{}', ['*']],
])('reads %s and %s', (parameter, body, fields) => {
  expect(wantedFields(parameter, body)).toEqual(fields)
})

it.each([
  ['{"fields":"*","index_filter":{}}', '[index_filter] is not accepted'],
  ['{"fields":"*","runtime_mappings":{}}', '[runtime_mappings] is not accepted'],
  [JSON.stringify({ fields: new Array(1001).fill('a') }), 'more than 1000 patterns'],
  [JSON.stringify({ fields: '*,'.repeat(1000) }), 'more than 1000 patterns'],
  [JSON.stringify({ fields: '*'.repeat(1001) }), 'a pattern longer than 1000 characters'],
])('refuses %.40s', (body, reason) => {
  expect(() => wantedFields(undefined, body)).toThrow(reason)
})
