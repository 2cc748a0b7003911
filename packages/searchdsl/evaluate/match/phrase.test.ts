import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseSearch } from '../../parse/search.ts'
import { createCollector } from '../collector.ts'
import { PlainRecordView } from '../record-view.ts'
import { compileMatcher } from './matcher.ts'
import { Phrase } from './phrase.ts'

test.each<[string, string, number[]]>([
  ['a b a b a', 'a b a', [0, 2]],
  ['a a a b a a b', 'a a b', [1, 4]],
  ['a b c', 'c', [2]],
  ['a b c', 'b d', []],
  ['a b', 'a b c', []],
  ['', 'a', []],
])('in [%s] stands [%s] at %j', (text, words, places) => {
  const wordsOf = (list: string) => list.split(' ').filter((word) => word !== '')
  expect(new Phrase(wordsOf(words)).placesIn(wordsOf(text))).toEqual(places)
})

it('stands where its words do', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 })
  const phrase = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(words, phrase, (terms, wanted) => {
      const places = terms.flatMap((_, at) =>
        wanted.every((word, offset) => terms[at + offset] === word) ? [at] : [],
      )
      expect(new Phrase(wanted).placesIn(terms)).toEqual(places)
    }),
  )
})

describe('a long message that nearly has what is looked for', () => {
  const message = `b ${'a '.repeat(250_000)}`
  const view = new PlainRecordView({ id: 'x', index: 'x', order: 0 }, { message })
  const distinct = Array.from({ length: 50_000 }, (_, i) => `w${i}`).join(' ')
  const diverse = new PlainRecordView({ id: 'y', index: 'x', order: 0 }, { message: distinct })

  it('is read once for a phrase', () => {
    const query = `${'a '.repeat(120_000)}b`
    const matches = compileMatcher({ type: 'match_phrase', field: 'message', query }, 0)
    const started = performance.now()
    expect(matches(view)).toBe(false)
    expect(performance.now() - started).toBeLessThan(500)
  })

  it('is read once for a phrase that is marked', () => {
    const body = { query: { match_phrase: { message: 'a '.repeat(1000) } } }
    const collector = createCollector(
      parseSearch({ ...body, highlight: { fields: { message: {} } } }),
      0,
    )
    collector.add(view)
    const started = performance.now()
    expect(collector.answer()).toMatchObject({ hits: { hits: [{ highlight: {} }] } })
    expect(performance.now() - started).toBeLessThan(500)
  })

  it('is read once for all words of a text', () => {
    const matches = compileMatcher(
      { type: 'match', field: 'message', query: distinct, operator: 'and' },
      0,
    )
    const started = performance.now()
    expect(matches(diverse)).toBe(true)
    expect(performance.now() - started).toBeLessThan(500)
  })
})
