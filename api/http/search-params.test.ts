import { expect, it } from 'vitest'
import { searchParamsOf } from './search-params.ts'

it.each([
  ['/a/b', ''],
  ['/a?x=1&y=%20', 'x=1&y=+'],
  ['http://a:8080/b?x=1', 'x=1'],
  ['//a/b?x=1', 'x=1'],
])('reads %s', (originalUrl, params) => {
  expect(searchParamsOf({ originalUrl }).toString()).toBe(params)
})

it.each(['http://a:99999/b?x=1', '//a:99999/b', 'http://[/b'])(
  'refuses %s, which is no address',
  (originalUrl) => {
    expect(() => searchParamsOf({ originalUrl })).toThrow(expect.objectContaining({ status: 400 }))
  },
)
