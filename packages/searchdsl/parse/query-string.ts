import { malformed, refused } from '../errors.ts'
import { checkFieldName } from '../field-types.ts'
import { limits } from '../limits.ts'
import { parseLucene } from '../lucene.ts'
import { dropScoring, readObject, required, toList } from '../read/object-reader.ts'
import type { Spent } from '../read/spent.ts'
import type { Query } from '../tree.ts'
import { parseOperator } from './leaf.ts'

/** `query_string`: its Lucene text becomes nodes of the tree, so both stores read it the same way. */
export function parseQueryString(body: unknown, spent: Spent): Query {
  const reader = readObject(body, 'query_string')
  const text = required(reader.text('query'), 'query', 'query_string')
  const fields = toList(reader.take('fields'))
  const [only] = fields
  if (fields.length > 1)
    throw refused('[fields] of [query_string] with several fields is not accepted')
  const sent = reader.text('default_field') ?? only
  if (sent !== undefined && typeof sent !== 'string') throw malformed('[fields] must hold texts')
  const options = {
    // Without a field a word is looked up in the message: that is what a log's text is.
    defaultField:
      sent === undefined || sent === '*' ? 'message' : checkFieldName(sent, 'query_string'),
    defaultOperator: parseOperator(reader.text('default_operator')),
    analyzeWildcard: reader.flag('analyze_wildcard') ?? false,
    allowLeadingWildcard: reader.flag('allow_leading_wildcard') ?? false,
    timeZone: reader.text('time_zone'),
  }
  reader.flag('lenient')
  dropScoring(reader)
  reader.end()
  if (text.length > limits.luceneLength)
    throw refused(`a query text longer than ${limits.luceneLength} characters is not accepted`)
  return parseLucene(text, options, spent)
}
