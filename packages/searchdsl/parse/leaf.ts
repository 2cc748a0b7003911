import { malformed, refused } from '../errors.ts'
import { toExistsQuery } from '../exists-query.ts'
import {
  attributesPrefix,
  checkFieldName,
  checkNumber,
  checkValueField,
  fieldType,
} from '../field-types.ts'
import { limits } from '../limits.ts'
import { dropScoring, isObject, isScalar, readObject, required } from '../read/object-reader.ts'
import { resolveDateMs } from '../time/date-text.ts'
import type { LeafQuery, PatternQuery, Query, Scalar } from '../tree.ts'
import { parseRange } from './range.ts'

/** Leaf queries by their name in the DSL. */
export function parseLeaf(type: string, body: unknown): Query {
  switch (type) {
    case 'match_all':
    case 'match_none':
      return parseEmpty(type, body)
    case 'term':
      return parseTerm(body)
    case 'terms':
      return parseTerms(body)
    case 'range':
      return parseRange(body)
    case 'match':
      return parseMatch(body)
    case 'match_phrase':
      return parsePhrase(body)
    case 'exists':
      return parseExists(body)
    case 'prefix':
    case 'wildcard':
    case 'regexp':
      return parsePattern(type, body)
    default:
      throw refused(`query [${type}] is not accepted`)
  }
}

function parseEmpty(type: 'match_all' | 'match_none', body: unknown): LeafQuery {
  const reader = readObject(body, type)
  dropScoring(reader)
  reader.end()
  return { type }
}

/** `{field: value}` or `{field: {…}}`: the one field, and a reader of its options (`shortcut` names the value). */
export function parseFieldBody(type: string, body: unknown, shortcut: string) {
  const outer = readObject(body, type)
  const [name, more] = outer.rest()
  if (name === undefined || more !== undefined)
    throw malformed(`[${type}] query needs exactly one field`)
  const value = outer.take(name)
  const options = readObject(isObject(value) ? value : { [shortcut]: value }, type)
  return { field: checkFieldName(name, type), options }
}

/** Refuses a value that the field's type cannot hold, whichever store would answer. */
export function checkValue(field: string, value: Scalar): void {
  checkValueField(field, 'a value')
  checkNumber(field, value)
  if (fieldType(field) === 'date') resolveDateMs(dateValue(field, value), { nowMs: 0 })
}

function dateValue(field: string, value: Scalar): string | number {
  if (typeof value === 'boolean') throw malformed(`[${value}] is not a date for [${field}]`)
  return value
}

function parseTerm(body: unknown): LeafQuery {
  const { field, options } = parseFieldBody('term', body, 'value')
  const value = required(options.scalar('value'), 'value', 'term')
  const caseInsensitive = options.flag('case_insensitive')
  dropScoring(options)
  options.end()
  checkValue(field, value)
  return { type: 'term', field, value, ...(caseInsensitive === true ? { caseInsensitive } : {}) }
}

function parseTerms(body: unknown): LeafQuery {
  const reader = readObject(body, 'terms')
  dropScoring(reader)
  const [name, more] = reader.rest()
  if (name === undefined || more !== undefined)
    throw malformed('[terms] query needs exactly one field')
  const values = reader.take(name)
  if (isObject(values)) throw refused('[terms] lookup of another document is not accepted')
  const list = Array.isArray(values) ? values : []
  if (!Array.isArray(values) || !list.every(isScalar))
    throw malformed('[terms] query needs a list of values')
  if (list.length > limits.termsValues)
    throw refused(`[terms] query with more than ${limits.termsValues} values is not accepted`)
  const field = checkFieldName(name, 'terms')
  for (const value of list) checkValue(field, value)
  return { type: 'terms', field, values: list }
}

function parseMatch(body: unknown): LeafQuery {
  const { field, options } = parseFieldBody('match', body, 'query')
  const query = required(options.scalar('query'), 'query', 'match')
  const operator = parseOperator(options.text('operator'))
  options.flag('lenient')
  dropScoring(options)
  options.end()
  checkValue(field, query)
  return { type: 'match', field, query, operator }
}

export function parseOperator(text: string | undefined): 'or' | 'and' {
  const operator = (text ?? 'or').toLowerCase()
  if (operator !== 'or' && operator !== 'and') throw malformed(`unknown operator [${operator}]`)
  return operator
}

function parsePhrase(body: unknown): LeafQuery {
  const { field, options } = parseFieldBody('match_phrase', body, 'query')
  const query = required(options.scalar('query'), 'query', 'match_phrase')
  if ((options.number('slop') ?? 0) !== 0) throw refused('[slop] of [match_phrase] is not accepted')
  dropScoring(options)
  options.end()
  checkValue(field, query)
  return { type: 'match_phrase', field, query }
}

function parseExists(body: unknown): Query {
  const reader = readObject(body, 'exists')
  const field = required(reader.text('field'), 'field', 'exists')
  dropScoring(reader)
  reader.end()
  return toExistsQuery(checkFieldName(field, 'exists'))
}

function parsePattern(type: PatternQuery['type'], body: unknown): LeafQuery {
  const { field, options } = parseFieldBody(type, body, 'value')
  const value =
    options.scalar('value') ?? (type === 'wildcard' ? options.scalar('wildcard') : undefined)
  const caseInsensitive = options.flag('case_insensitive') ?? false
  options.text('rewrite')
  if (type === 'regexp') {
    const flags = options.text('flags')
    if (flags !== undefined && flags !== 'ALL' && flags !== 'NONE')
      throw refused(`[flags] of [regexp] with [${flags}] is not accepted`)
    options.number('max_determinized_states')
  }
  dropScoring(options)
  options.end()
  return toPattern({ type, field, value: String(required(value, 'value', type)), caseInsensitive })
}

/** Refuses a pattern on what no store can run it on, before it is asked. */
export function toPattern(parts: Required<PatternQuery>): PatternQuery {
  const { type, field, value, caseInsensitive } = parts
  const kind = fieldType(field)
  checkValueField(field, `[${type}]`)
  if (field === '_id') throw refused(`[${type}] on [_id] is not accepted`)
  if (kind === 'long' || kind === 'date')
    throw refused(`[${type}] queries are not supported on the [${kind}] field [${field}]`)
  if (kind === 'flattened' && (type !== 'prefix' || caseInsensitive))
    throw refused(
      `[${type}] queries are not supported below [${attributesPrefix}*]; ask for a value or a prefix`,
    )
  return { type, field, value, ...(caseInsensitive ? { caseInsensitive } : {}) }
}
