import type { FieldType } from '@warren/stores/logs/log-store'
import { expect, it } from 'vitest'
import { toFieldCaps, toMapping } from './field-shapes.ts'

const fields = new Map<string, FieldType>([
  ['@timestamp', 'date'],
  ['host.name', 'keyword'],
  ['host', 'keyword'],
  ['message', 'text'],
  ['attributes.__proto__', 'keyword'],
])

const namesOf = (patterns: readonly string[]): string[] =>
  Object.keys(toFieldCaps(['s'], fields, patterns).fields)

it('chooses fields by patterns', () => {
  expect(namesOf(['*'])).toHaveLength(5)
  expect(namesOf(['@timestamp'])).toEqual(['@timestamp'])
  expect(namesOf(['host*', 'none'])).toEqual(['host.name', 'host'])
  expect(namesOf(['*.name'])).toEqual(['host.name'])
  expect(namesOf(['h*st*me'])).toEqual(['host.name'])
  expect(namesOf(['hosts*'])).toEqual([])
  expect(namesOf(['hh*t'])).toEqual([])
  expect(namesOf(['**', 'x'])).toHaveLength(5)
  expect(namesOf(['h**.***e'])).toEqual(['host.name'])
})

it('takes stars beside each other as one: each is tried on every field', () => {
  const many = new Map(Array.from({ length: 1000 }, (_, n) => [`attributes.k${n}`, 'keyword']))
  const patterns = Array.from({ length: 1000 }, (_, n) => `${'*'.repeat(990)}${n}x`)
  const started = performance.now()
  expect(toFieldCaps(['s'], many as ReadonlyMap<string, FieldType>, patterns).fields).toEqual({})
  expect(performance.now() - started).toBeLessThan(2000)
})

it('says what can be aggregated', () => {
  const { fields: caps } = toFieldCaps(['s'], fields, ['message', '@timestamp'])
  expect(caps).toMatchObject({
    message: { text: { type: 'text', searchable: true, aggregatable: false } },
    '@timestamp': { date: { type: 'date', aggregatable: true } },
  })
})

it('nests dotted names, one that is both a field and a prefix too', () => {
  const mapping = JSON.parse(JSON.stringify(toMapping(['s'], fields)))
  expect(mapping.s.mappings.properties).toMatchObject({
    '@timestamp': { type: 'date' },
    host: { type: 'keyword', properties: { name: { type: 'keyword' } } },
  })
  expect(JSON.stringify(mapping)).toContain('"__proto__":{"type":"keyword"}')
})
