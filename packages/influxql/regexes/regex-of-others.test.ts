import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { regexOfOthers } from './regex-of-others.ts'

test('finds all texts but one', () => {
  const regex = RE2JS.compile(regexOfOthers(['tenant']))
  for (const text of ['tenant']) expect(regex.test(text)).toBe(false)
  for (const text of ['', 't', 'tenan', 'tenants', 'tenant\n', '\ntenant', 'Tenant', 'host'])
    expect(regex.test(text)).toBe(true)
})

test('finds all texts but some, whatever is in them', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '-', ']', '^', '\\', '\n', 'é', '😀') })
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 4 }), word, (names, other) => {
      const regex = RE2JS.compile(regexOfOthers(names))
      for (const text of [...names, other, ...names.map((name) => `${name}a`)])
        expect(regex.test(text)).toBe(!names.includes(text))
    }),
  )
})
