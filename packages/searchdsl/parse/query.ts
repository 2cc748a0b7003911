import { malformed, refused } from '../errors.ts'
import { limits } from '../limits.ts'
import { dropScoring, type ObjectReader, readObject, toList } from '../read/object-reader.ts'
import { type Spent, spend } from '../read/spent.ts'
import type { BoolQuery, Query } from '../tree.ts'
import { parseLeaf } from './leaf.ts'
import { parseQueryString } from './query-string.ts'

/** The query half of Elasticsearch's DSL. Every kind not listed here is refused by name. */
export function parseQuery(value: unknown, spent: Spent, depth = 0): Query {
  if (depth > limits.queryDepth)
    throw refused(`queries nested deeper than ${limits.queryDepth} levels are not accepted`)
  const reader = readObject(value, 'query')
  const [type, more] = reader.rest()
  if (type === undefined) throw malformed('query malformed, empty clause found')
  if (more !== undefined)
    throw malformed(`[${type}] malformed query, expected the end but found [${more}]`)
  const body = reader.take(type)
  if (type === 'bool') return spend(parseBool(readObject(body, 'bool'), spent, depth), spent)
  if (type === 'query_string') return parseQueryString(body, spent)
  return spend(parseLeaf(type, body), spent)
}

function parseBool(reader: ObjectReader, spent: Spent, depth: number): BoolQuery {
  const clauses = (...keys: readonly string[]) =>
    keys.flatMap((key) => toList(reader.take(key)).map((one) => parseQuery(one, spent, depth + 1)))
  const must = clauses('must')
  const filter = clauses('filter')
  const should = clauses('should')
  const mustNot = clauses('must_not', 'mustNot')
  const minimum = minimumShouldMatch(reader, should.length)
  dropScoring(reader)
  reader.flag('adjust_pure_negative')
  reader.end()
  return {
    type: 'bool',
    must,
    filter,
    should,
    mustNot,
    ...(minimum === undefined ? {} : { minimumShouldMatch: minimum }),
  }
}

function minimumShouldMatch(reader: ObjectReader, count: number): number | undefined {
  const found = reader.scalar('minimum_should_match')
  if (found === undefined) return undefined
  const match = /^(-?\d{1,4})(%?)$/.exec(String(found))
  if (match === null) throw refused(`minimum_should_match [${found}] is not accepted`)
  const number = Number(match[1])
  const wanted = match[2] === '' ? number : Math.trunc((count * number) / 100)
  return Math.max(0, wanted < 0 ? count + wanted : wanted)
}
