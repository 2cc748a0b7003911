import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { foldCase, isFoldable } from './fold-case.ts'

const units = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code))
const cased = units.filter((unit) => unit.toLowerCase() !== unit || unit.toUpperCase() !== unit)

test('takes for one another what RE2 does, of all letters that have a case', () => {
  expect(cased.length).toBeGreaterThan(2000)
  const differing = cased.filter(isFoldable).flatMap((unit) => {
    const regex = RE2JS.compile(`(?i)^${unit}$`)
    const folded = foldCase(unit)
    return cased.filter((other) => regex.test(other) !== (foldCase(other) === folded))
  })
  expect(differing).toEqual([])
})

test('leaves each unit in its place', () => {
  for (const text of ['İSTANBUL ß ŒUVRE', 'ŉ and ΐ', 'K elvin, ſ', '💡 Straße'])
    expect(foldCase(text)).toHaveLength(text.length)
  expect(foldCase('Web-1.EU ÄÖ')).toBe('web-1.eu äö')
})
