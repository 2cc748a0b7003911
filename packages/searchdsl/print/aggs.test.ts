import { expect, test } from 'vitest'
import { parseSearch } from '../parse/search.ts'
import { printSearch } from '../print.ts'

const printed = (aggs: object) => printSearch(parseSearch({ aggs }))

test('distinct values of an attribute are counted without ordinals, which lose them', () => {
  const aggs = { 1: { cardinality: { field: 'attributes.path' } } }
  expect(printed(aggs)).toMatchObject({
    aggs: { 1: { cardinality: { execution_hint: 'direct' } } },
  })
  expect(parseSearch(printed(aggs)).aggs).toEqual(parseSearch({ aggs }).aggs)
  const others = { 1: { cardinality: { field: 'host.name' } } }
  expect(printed(others)).toMatchObject({ aggs: { 1: { cardinality: { field: 'host.name' } } } })
  expect(JSON.stringify(printed(others))).not.toContain('execution_hint')
})
