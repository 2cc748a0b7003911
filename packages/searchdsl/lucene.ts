import { malformed, refused } from './errors.ts'
import { fieldType } from './field-types.ts'
import { limits } from './limits.ts'
import { exactValue, joinValues } from './lucene/join-values.ts'
import { type LuceneOptions, toLeaf } from './lucene/leaf.ts'
import { startOf, type Token, toTokens, unescapeLucene } from './lucene/tokens.ts'
import { type Spent, spend, spendValue } from './read/spent.ts'
import type { BoolQuery, Query } from './tree.ts'

interface Parser {
  readonly text: string
  readonly tokens: readonly Token[]
  at: number
  /** Where the row of words ends that was looked at last. */
  rowEnd: number
  readonly options: LuceneOptions
  readonly spent: Spent
}

type Occur = 'must' | 'should' | 'mustNot'
interface Clause {
  occur: Occur
  readonly query: Query
}

/** Lucene's classic query syntax as nodes of the tree. A text that holds no searchable word matches nothing, as in Elasticsearch. */
export function parseLucene(text: string, options: LuceneOptions, spent: Spent): Query {
  if (text.trim() === '') return { type: 'match_none' }
  const parser: Parser = {
    text,
    tokens: toTokens(text, spent.body),
    at: 0,
    rowEnd: 0,
    options,
    spent,
  }
  const query = parseClauses(parser, undefined, 0)
  if (peek(parser).kind !== 'end') throw unexpected(parser)
  if (query !== undefined && leavesOf(query) > limits.luceneClauses)
    throw refused(
      `more than ${limits.luceneClauses} clauses in one query text; values of one field count as one when they are joined by OR`,
    )
  return query ?? { type: 'match_none' }
}

function leavesOf(query: Query): number {
  if (query.type !== 'bool') return 1
  return [...query.must, ...query.should, ...query.mustNot].reduce(
    (sum, one) => sum + leavesOf(one),
    0,
  )
}

function peek(parser: Parser, ahead = 0): Token {
  return parser.tokens[parser.at + ahead] ?? { kind: 'end' }
}

function accept(parser: Parser, kind: Token['kind']): boolean {
  if (peek(parser).kind !== kind) return false
  parser.at++
  return true
}

function unexpected(parser: Parser): Error {
  const { kind } = peek(parser)
  return malformed(
    `Failed to parse query [${startOf(parser.text)}]: unexpected ${kind === 'end' ? 'end' : `[${kind}]`}`,
  )
}

type Conjunction = 'and' | 'or' | undefined

function parseClauses(parser: Parser, field: string | undefined, depth: number): Query | undefined {
  if (depth > limits.queryDepth)
    throw refused(`queries nested deeper than ${limits.queryDepth} levels are not accepted`)
  const clauses: Clause[] = []
  let conjunction: Conjunction
  do {
    const modifier = acceptModifier(parser)
    const isFree = conjunction === undefined && modifier === undefined
    const query =
      (isFree ? parseRow(parser, field) : undefined) ?? parseClause(parser, field, depth)
    adjustPrevious(clauses.at(-1), conjunction, parser.options.defaultOperator)
    if (query !== undefined)
      clauses.push({ occur: occurOf(modifier, conjunction, parser.options.defaultOperator), query })
    conjunction = acceptConjunction(parser)
  } while (conjunction !== undefined || !['end', 'close'].includes(peek(parser).kind))
  return toQuery(clauses, parser.spent)
}

function acceptConjunction(parser: Parser): Conjunction {
  if (accept(parser, 'and')) return 'and'
  return accept(parser, 'or') ? 'or' : undefined
}

function acceptModifier(parser: Parser): 'plus' | 'not' | undefined {
  if (accept(parser, 'plus')) return 'plus'
  return accept(parser, 'minus') || accept(parser, 'not') ? 'not' : undefined
}

/** Lucene has no precedence: AND makes the clause before it required, OR under a default of AND makes it optional. */
function adjustPrevious(
  previous: Clause | undefined,
  conjunction: Conjunction,
  defaultOperator: 'or' | 'and',
): void {
  if (previous === undefined || previous.occur === 'mustNot') return
  if (conjunction === 'and') previous.occur = 'must'
  if (conjunction === 'or' && defaultOperator === 'and') previous.occur = 'should'
}

function occurOf(
  modifier: 'plus' | 'not' | undefined,
  conjunction: Conjunction,
  defaultOperator: 'or' | 'and',
): Occur {
  if (modifier === 'not') return 'mustNot'
  if (defaultOperator === 'and') return conjunction === 'or' ? 'should' : 'must'
  return modifier === 'plus' || conjunction === 'and' ? 'must' : 'should'
}

function toQuery(clauses: readonly Clause[], spent: Spent): Query | undefined {
  const [only, second] = clauses
  if (only === undefined) return undefined
  if (second === undefined && only.occur !== 'mustNot') return only.query
  const of = (occur: Occur) => clauses.filter((one) => one.occur === occur).map((one) => one.query)
  const query: BoolQuery = {
    type: 'bool',
    must: of('must'),
    filter: [],
    should: joinValues(of('should')),
    mustNot: joinValues(of('mustNot')),
  }
  const [joined, another] = query.should
  const isOne = another === undefined && query.must.length + query.mustNot.length === 0
  return spend(isOne && joined !== undefined ? joined : query, spent)
}

/** What Lucene does not read as the last of a row: it belongs to what follows it. */
const outsideRows: ReadonlySet<Token['kind']> = new Set([
  'and',
  'boost',
  'colon',
  'fuzzy',
  'or',
  'star',
])

/** Words in a row, which neither an operator nor a field of their own parts, are one value with spaces in it. On text that is each of them, unless
 *  one looks like a bound, which only the first can be. */
function parseRow(parser: Parser, field: string | undefined): Query | undefined {
  if (parser.at < parser.rowEnd) return undefined
  const words = wordsInRow(parser)
  parser.rowEnd = parser.at + words.length
  const isText = fieldType(field ?? parser.options.defaultField) === 'text'
  if (words.length < 2 || (isText && !words.some(isBound))) return undefined
  const leaf = toLeaf({ kind: 'term', raw: words.join(' ') }, field, parser.options)
  if (leaf === undefined || leaf === 'none') return undefined
  parser.at += words.length
  return counted(leaf, parser.spent)
}

const isBound = (raw: string): boolean => /^[<>]/.test(unescapeLucene(raw))

function wordsInRow(parser: Parser): readonly string[] {
  const words: string[] = []
  for (;;) {
    const token = peek(parser, words.length)
    if (token.kind !== 'term') return words
    if (words.length > 0 && outsideRows.has(peek(parser, words.length + 1).kind)) return words
    words.push(token.raw)
  }
}

function parseClause(parser: Parser, outer: string | undefined, depth: number): Query | undefined {
  const field = acceptField(parser) ?? outer
  if (accept(parser, 'open')) {
    const query = parseClauses(parser, field, depth + 1)
    if (!accept(parser, 'close')) throw unexpected(parser)
    accept(parser, 'boost')
    return query
  }
  const token = peek(parser)
  const leaf = toLeaf(token, field, parser.options)
  if (leaf === 'none') throw unexpected(parser)
  parser.at++
  acceptSuffixes(parser)
  if (leaf === undefined) return undefined
  return counted(leaf, parser.spent)
}

function counted(leaf: Query, spent: Spent): Query {
  return exactValue(leaf) === undefined ? spend(leaf, spent) : spendValue(leaf, spent)
}

/** A boost only weighs scores, which nothing here reads; fuzziness would change what matches. */
function acceptSuffixes(parser: Parser): void {
  accept(parser, 'boost')
  if (peek(parser).kind === 'fuzzy')
    throw refused(
      `fuzziness and slop [~] are not accepted in [${startOf(parser.text)}]; escape it or use a wildcard`,
    )
  accept(parser, 'boost')
}

function acceptField(parser: Parser): string | undefined {
  const token = peek(parser)
  if (peek(parser, 1).kind !== 'colon') return undefined
  if (token.kind !== 'term' && token.kind !== 'star') {
    if (token.kind === 'prefix' || token.kind === 'wildcard')
      throw refused(`a wildcard in the field name [${token.raw}] is not accepted`)
    return undefined
  }
  parser.at += 2
  return token.kind === 'star' ? '*' : unescapeLucene(token.raw)
}
