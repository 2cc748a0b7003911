import fc from 'fast-check'
import { RE2JS } from 're2js'
import { describe, expect, test } from 'vitest'
import { matcherOfList, toLiteralList } from './literal-list.ts'

describe('a list of texts', () => {
  test.each([
    ['^(a|b\\.c)$', ['a', 'b.c']],
    ['^(?:a|b)$', ['a', 'b']],
    ['^a\\/b$', ['a/b']],
    ['(a|)', ['a', '']],
    ['a\\$', ['a$']],
    ['', ['']],
    ['(?i)^(A|b\\.C)$', ['a', 'b.c']],
    ['^(?i)(Ä|ß)$', ['ä', 'ß']],
    ['(?i)a', ['a']],
    ['^(?i:a|B)$', ['a', 'b']],
  ])('%s', (source, texts) => {
    expect([...(toLiteralList(source)?.texts ?? [])]).toEqual(texts)
  })

  test.each([
    '^a|b$',
    '(a)|(b)',
    '(a|(b))',
    '(?i)(ΐ)',
    '(?i)(💡)',
    '(?s)a',
    'a(?i)',
    '(a|(?i)b)',
    '(?i)a|b',
    '^(a.c)$',
    'a*',
    '\\d',
    '\\Qa\\E',
    '(a',
    'a{2}',
    'a\\',
  ])('%s is none', (source) => {
    expect(toLiteralList(source)).toBeUndefined()
  })

  test('of too many lengths, of which each place of a text would be asked, is none', () => {
    const texts = Array.from({ length: 100 }, (_, length) => 'a'.repeat(length)).join('|')
    expect(toLiteralList(`(${texts})`)).toBeUndefined()
    expect(toLiteralList(`^(${texts})$`)?.texts.size).toBe(100)
  })
})

test('matches what RE2 matches', () => {
  const character = fc.constantFrom(
    'a',
    'b',
    'A',
    'k',
    '\u212a',
    'ı',
    'I',
    'É',
    '.',
    '|',
    '$',
    '^',
    '\\',
    '(',
    ')',
    ' ',
    'é',
    '💡',
  )
  const piece = fc.array(character, { maxLength: 3 }).map((all) => all.join(''))
  const ends = fc.tuple(fc.constantFrom('', '^', '(?i)', '(?i)^', '^(?i)'), fc.boolean())
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 5 }),
      ends,
      piece,
      piece,
      piece,
      (texts, [start, end], ...parts) => {
        const escaped = texts.map((text) => text.replace(/[.|$^\\() ]/g, '\\$&')).join('|')
        const source = `${start}(${escaped})${end ? '$' : ''}`
        const list = toLiteralList(source)
        const text = parts.join('')
        if (!start.includes('i') || !escaped.includes('💡')) expect(list).toBeDefined()
        if (list !== undefined)
          expect(matcherOfList(list)(text)).toBe(RE2JS.compile(source).test(text))
      },
    ),
    { numRuns: 3000 },
  )
})

test('takes no longer for ten thousand texts than the text is long', () => {
  const texts = Array.from({ length: 10_000 }, (_, n) => `host-${n}`)
  for (const flags of ['', '(?i)']) {
    const list = toLiteralList(`${flags}(${texts.join('|')})`)
    if (list === undefined) throw new Error('it is a list')
    const matches = matcherOfList(list)
    expect(texts.filter((text) => matches(`a ${text} b`))).toHaveLength(10_000)
    expect(matches('host')).toBe(false)
    expect(matches('HOST-7')).toBe(flags !== '')
  }
})
