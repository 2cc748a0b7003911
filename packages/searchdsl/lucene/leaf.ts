import { analyse, hasMoreWords } from '../analyse.ts'
import { malformed, refused } from '../errors.ts'
import { toExistsQuery } from '../exists-query.ts'
import { checkFieldName, fieldType } from '../field-types.ts'
import { checkValue, toPattern } from '../parse/leaf.ts'
import { toRange } from '../parse/range.ts'
import { checkPatternLength } from '../read/spent.ts'
import type { PatternQuery, Query, RangeQuery } from '../tree.ts'
import { type RangeToken, type Token, unescapeLucene } from './tokens.ts'

export interface LuceneOptions {
  readonly defaultField: string
  readonly defaultOperator: 'or' | 'and'
  readonly analyzeWildcard: boolean
  readonly allowLeadingWildcard: boolean
  readonly timeZone: string | undefined
}

/** The query of one term, phrase, pattern or range; `undefined` when analysis leaves no word of it; `'none'` when the token starts no clause. */
export function toLeaf(
  token: Token,
  field: string | undefined,
  options: LuceneOptions,
): Query | undefined | 'none' {
  if (field === '_exists_') return toExists(token)
  if (field === '*') {
    if (token.kind === 'star') return { type: 'match_all' }
    throw refused('[*] as a field is accepted in [*:*] only')
  }
  const name = checkFieldName(field ?? options.defaultField, 'query_string')
  switch (token.kind) {
    case 'star':
      // Every record has a message.
      return field === undefined && isText(name) ? { type: 'match_all' } : toExistsQuery(name)
    case 'phrase':
      return toPhrase(name, token.text)
    case 'bare':
    case 'term':
      return fromTerm(name, token.raw, options)
    case 'prefix':
      return toPrefix(name, token.raw.slice(0, -1), options)
    case 'wildcard':
      return toWildcard(name, token.raw, options)
    case 'regexp':
      return pattern('regexp', name, token.text)
    case 'range':
      return fromRangeToken(name, token, options)
    case 'and':
    case 'boost':
    case 'close':
    case 'colon':
    case 'end':
    case 'fuzzy':
    case 'minus':
    case 'not':
    case 'open':
    case 'or':
    case 'plus':
      return 'none'
  }
}

function toExists(token: Token): Query {
  if (token.kind !== 'term' && token.kind !== 'phrase')
    throw malformed('[_exists_] needs a field name')
  const field = token.kind === 'phrase' ? token.text : unescapeLucene(token.raw)
  return toExistsQuery(checkFieldName(field, 'query_string'))
}

function isText(field: string): boolean {
  return fieldType(field) === 'text'
}

/** On text, a value without a single word asks for nothing. */
function hasWords(field: string, text: string): boolean {
  return !isText(field) || hasMoreWords(text, 0)
}

function toPhrase(field: string, text: string): Query | undefined {
  if (!hasWords(field, text)) return undefined
  checkValue(field, text)
  return { type: 'match_phrase', field, query: text }
}

const comparisons = [
  ['>=', 'gte'],
  ['<=', 'lte'],
  ['>', 'gt'],
  ['<', 'lt'],
] as const

/** `field:>=5`. Without a field it is a bound on the default one, as Elasticsearch reads it. */
function toComparison(field: string, text: string, options: LuceneOptions): Query | undefined {
  for (const [sign, key] of comparisons)
    if (text.startsWith(sign) && text.length > sign.length)
      return range({ type: 'range', field, [key]: text.slice(sign.length) }, options)
  return undefined
}

function fromTerm(field: string, raw: string, options: LuceneOptions): Query | undefined {
  const text = unescapeLucene(raw)
  return toComparison(field, text, options) ?? toTerm(field, text, options)
}

function toTerm(field: string, text: string, options: LuceneOptions): Query | undefined {
  if (!hasWords(field, text)) return undefined
  checkValue(field, text)
  return { type: 'match', field, query: text, operator: options.defaultOperator }
}

function pattern(type: PatternQuery['type'], field: string, value: string): Query {
  return toPattern({ type, field, value, caseInsensitive: false })
}

/** With `analyze_wildcard`, `foo-b*` is the word `foo` and the prefix `b`, as the message's own words are cut. */
function toPrefix(field: string, raw: string, options: LuceneOptions): Query | undefined {
  const text = unescapeLucene(raw)
  if (!isText(field)) return pattern('prefix', field, text)
  checkPatternLength(text)
  const words = options.analyzeWildcard ? analyse(text) : [text.toLowerCase()]
  const last = words.at(-1)
  if (last === undefined) return undefined
  const prefix = pattern('prefix', field, last)
  if (words.length === 1) return prefix
  const all: Query[] = words
    .slice(0, -1)
    .map((word) => ({ type: 'match', field, query: word, operator: options.defaultOperator }))
  all.push(prefix)
  const both = options.defaultOperator === 'and'
  return { type: 'bool', must: both ? all : [], filter: [], should: both ? [] : all, mustNot: [] }
}

function toWildcard(field: string, raw: string, options: LuceneOptions): Query {
  if (/^[*?]/.test(raw) && !options.allowLeadingWildcard)
    throw refused(
      `a wildcard at the start of [${raw}] is not accepted: it reads every term; start with a letter or ask for a whole word`,
    )
  return pattern('wildcard', field, isText(field) ? raw.toLowerCase() : raw)
}

function fromRangeToken(field: string, token: RangeToken, options: LuceneOptions): Query {
  const { from, to, fromInclusive, toInclusive } = token
  if (from === undefined && to === undefined) return toExistsQuery(field)
  return range(
    {
      type: 'range',
      field,
      ...(from === undefined ? {} : { [fromInclusive ? 'gte' : 'gt']: from }),
      ...(to === undefined ? {} : { [toInclusive ? 'lte' : 'lt']: to }),
    },
    options,
  )
}

function range(query: RangeQuery, { timeZone }: LuceneOptions): Query {
  const lowered: Record<string, unknown> = { ...query }
  if (isText(query.field))
    for (const key of ['gt', 'gte', 'lt', 'lte'] as const) {
      const value = query[key]
      if (typeof value === 'string') lowered[key] = value.toLowerCase()
    }
  const zone = timeZone !== undefined && fieldType(query.field) === 'date' ? { timeZone } : {}
  return toRange({ ...query, ...lowered, ...zone })
}
