import { expect, it } from 'vitest'
import { acceptedType } from './accepted-type.ts'

it.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/csv', 'application/csv'],
  ['Text/CSV; charset=utf-8', 'text/csv'],
  ['text/csv, application/csv', 'text/csv'],
  ['text/csv;q=0.5, application/json', 'application/json'],
  ['application/json;q=0.1, text/*', 'text/csv'],
  ['text/html, text/csv;q=0.9, */*;q=0.8', 'text/csv'],
  ['application/csv;q=0', 'application/json'],
  ['application/x-msgpack, application/csv;q=0.1', 'application/csv'],
])('of %s it is %s', (accept, type) => {
  expect(acceptedType(accept === undefined ? {} : { accept })).toBe(type)
})
