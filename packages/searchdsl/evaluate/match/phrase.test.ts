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

  const msOf = (run: () => void): number => {
    const started = performance.now()
    run()
    return performance.now() - started
  }
  /** Of the time that little takes, which reads the message once, too. Each word against each would take thousands of times as long. */
  const expectAlike = (much: () => void, little: () => void) => {
    const once = msOf(little)
    expect(msOf(much)).toBeLessThan(30 * once)
  }

  it('is read once for a phrase', () => {
    const isMatch = (query: string) => {
      const matches = compileMatcher({ type: 'match_phrase', field: 'message', query }, 0)
      return () => expect(matches(view)).toBe(false)
    }
    expectAlike(isMatch(`${'a '.repeat(120_000)}b`), isMatch('a b'))
  })

  it('is read once for each place of a phrase', () => {
    const terms = new Array<string>(250_000).fill('a')
    const places = (words: number) => {
      const phrase = new Phrase(new Array<string>(words).fill('a'))
      return () => expect(phrase.placesIn(terms)).toHaveLength(terms.length - words + 1)
    }
    expectAlike(places(4000), places(2))
  })

  it('is marked for a phrase of many words', () => {
    const body = { query: { match_phrase: { message: 'a '.repeat(1000) } } }
    const highlight = { fields: { message: {} } }
    const collector = createCollector(parseSearch({ ...body, highlight }), 0)
    collector.add(view)
    expect(collector.answer()).toMatchObject({ hits: { hits: [{ highlight: {} }] } })
  })

  it('is read once for all words of a text', () => {
    const isMatch = (query: string) => {
      const field = { type: 'match', field: 'message', operator: 'and' } as const
      const matches = compileMatcher({ ...field, query }, 0)
      return () => expect(matches(diverse)).toBe(true)
    }
    expectAlike(isMatch(distinct), isMatch('w49999'))
  })
})
