import { analyse, analyseSpans } from '../../analyse.ts'
import { fieldType } from '../../field-types.ts'
import { foldAscii } from '../../fold-ascii.ts'
import type { Highlight, LeafQuery, Query, SearchRequest } from '../../tree.ts'
import { compilePattern, compileTextTest } from '../match/match-pattern.ts'
import { compileTextRange } from '../match/match-range.ts'
import { compileMatcher } from '../match/matcher.ts'
import { Phrase } from '../match/phrase.ts'
import type { RecordView } from '../record-view.ts'
import { matchesName } from './source-filter.ts'

type Marks = Readonly<Record<string, readonly string[]>>

/** Marks in whole fields what the query found there: each word by itself, a phrase as one. `undefined` when nothing is marked. */
export function createHighlighter(
  { query, highlight }: SearchRequest,
  nowMs: number,
): (record: RecordView) => Marks | undefined {
  if (highlight === undefined) return () => undefined
  const wanted = (field: string) => highlight.fields.some((name) => matchesName(name, field))
  const leaves = positiveLeaves(highlight.query ?? query).filter(
    (leaf) => 'field' in leaf && wanted(leaf.field),
  )
  const words = leaves.flatMap(messageFinder)
  const keywords = leaves.flatMap((leaf) => keywordFinder(leaf, nowMs))
  return (record) => {
    const marks: [string, readonly string[]][] = []
    const message = record.get('message')
    const marked = typeof message === 'string' && markMessage(message, words, highlight)
    if (typeof marked === 'string') marks.push(['message', [marked]])
    for (const { field, matches } of keywords)
      if (matches(record))
        marks.push([field, [`${highlight.preTag}${record.get(field)}${highlight.postTag}`]])
    return marks.length === 0 ? undefined : Object.fromEntries(marks)
  }
}

function positiveLeaves(query: Query): readonly LeafQuery[] {
  if (query.type !== 'bool') return [query]
  return [...query.must, ...query.filter, ...query.should].flatMap(positiveLeaves)
}

/** First and last word, by index, of something a query found in a message. */
type Found = readonly [number, number]
type Finder = (terms: readonly string[]) => readonly Found[]

function messageFinder(leaf: LeafQuery): readonly Finder[] {
  if (!('field' in leaf) || fieldType(leaf.field) !== 'text') return []
  switch (leaf.type) {
    case 'term':
      return [
        oneOf([leaf.caseInsensitive === true ? foldAscii(String(leaf.value)) : String(leaf.value)]),
      ]
    case 'terms':
      return [oneOf(leaf.values.map(String))]
    case 'match':
      return [oneOf(analyse(String(leaf.query)))]
    case 'match_phrase':
      return [phraseFinder(analyse(String(leaf.query)))]
    case 'prefix':
    case 'wildcard':
    case 'regexp':
      return [indicesWhere(compileTextTest(leaf))]
    case 'range':
      return [indicesWhere(compileTextRange(leaf))]
    case 'exists':
      return []
  }
}

function oneOf(words: readonly string[]): Finder {
  const wanted = new Set(words)
  return indicesWhere((term) => wanted.has(term))
}

function indicesWhere(test: (term: string) => boolean): Finder {
  return (terms) => terms.flatMap((term, at) => (test(term) ? [[at, at] as const] : []))
}

function phraseFinder(words: readonly string[]): Finder {
  const phrase = new Phrase(words)
  return (terms) => phrase.placesIn(terms).map((at) => [at, at + phrase.length - 1] as const)
}

function markMessage(
  message: string,
  finders: readonly Finder[],
  { preTag, postTag }: Highlight,
): string | undefined {
  if (finders.length === 0) return undefined
  const spans = analyseSpans(message)
  const terms = spans.map(({ term }) => term)
  const found = merge(finders.flatMap((find) => find(terms)))
  if (found.length === 0) return undefined
  let marked = ''
  let at = 0
  for (const [first, last] of found) {
    const start = spans[first]?.start ?? 0
    const end = spans[last]?.end ?? start
    marked += `${message.slice(at, start)}${preTag}${message.slice(start, end)}${postTag}`
    at = end
  }
  return marked + message.slice(at)
}

/** In order, what overlaps made one. */
function merge(found: readonly Found[]): readonly Found[] {
  const merged: [number, number][] = []
  for (const [first, last] of found.toSorted((a, b) => a[0] - b[0])) {
    const before = merged.at(-1)
    if (before !== undefined && first <= before[1]) before[1] = Math.max(before[1], last)
    else merged.push([first, last])
  }
  return merged
}

/** Keyword fields are marked whole. */
function keywordFinder(leaf: LeafQuery, nowMs: number) {
  if (!('field' in leaf) || fieldType(leaf.field) !== 'keyword') return []
  const { field } = leaf
  switch (leaf.type) {
    case 'term':
    case 'terms':
    case 'match':
    case 'match_phrase':
    case 'range':
      return [{ field, matches: compileMatcher(leaf, nowMs) }]
    case 'prefix':
    case 'wildcard':
    case 'regexp':
      return [{ field, matches: compilePattern(leaf) }]
    case 'exists':
      return []
  }
}
