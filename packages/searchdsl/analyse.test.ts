import { describe, expect, test } from 'vitest'
import { analyse, analyseSpans, hasMoreWords } from './analyse.ts'

// Every expectation is what Elasticsearch 8.19 answers to `_analyze` with the standard analyzer.
const table: readonly (readonly [string, string])[] = [
  ['ip 10.0.0.1:8080 up', 'ip 10.0.0.1 8080 up'],
  ['/var/log/app.log', 'var log app.log'],
  ['key=value a_b', 'key value a_b'],
  ['1.2.3 v1.2.3 1.a a.1', '1.2.3 v1.2.3 1 a a 1'],
  ['foo_bar __ _x x_ foo_.bar', 'foo_bar _x x_ foo_ bar'],
  ["it's don't rock'n'roll 'quoted'", "it's don't rock'n'roll quoted"],
  ['1,234.56 1;2 1:2 a:b a,b', '1,234.56 1;2 1 2 a:b a b'],
  ['john.doe@example.com', 'john.doe example.com'],
  ["3'5 1_000 a1.2b", "3'5 1_000 a1.2b"],
  ['2026-08-01T10:00:00.123Z [main]', '2026 08 01t10 00 00.123z main'],
  ['C:\\Windows\\System32 <b>&amp;</b>', 'c windows system32 b amp b'],
  ['foo.java:42 a..b a. .5 5.', 'foo.java 42 a b a 5 5'],
  ['ünïcode Straße ΣΑΣ İstanbul', 'ünïcode straße σασ istanbul'],
  ['日本語 テスト ひら', '日 本 語 テスト ひ ら'],
  ['한국어 русский', '한국어 русский'],
  ['🔥 fire', '🔥 fire'],
  ['שלום ה"ב a"b', 'שלום ה"ב a b'],
  ['', ''],
  ['--- !!!', ''],
]

describe('analyse', () => {
  test.each(table)('%s', (text, words) => {
    expect(analyse(text).join(' ')).toBe(words)
  })

  test.each(table)('of %s it is known whether there are more words than some', (text, words) => {
    const count = words === '' ? 0 : words.split(' ').length
    expect([count - 1, count, count + 1].map((one) => hasMoreWords(text, one))).toEqual([
      true,
      false,
      false,
    ])
  })

  test('cuts a word after 255 characters', () => {
    expect(analyse('x'.repeat(300)).map((word) => word.length)).toEqual([255, 45])
  })

  test('spans lie where the words stand', () => {
    const text = 'Größe: 12 MB, «Ende»'
    for (const { start, end, term } of analyseSpans(text))
      expect(text.slice(start, end).toLowerCase()).toBe(term)
  })
})
