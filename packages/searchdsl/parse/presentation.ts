import { malformed, refused } from '../errors.ts'
import { readObject, required, toList } from '../read/object-reader.ts'
import { checkDateFormat } from '../time/date-text.ts'
import type { FieldSelector, Highlight, SourceFilter } from '../tree.ts'

const maxSelectors = 100

/** `fields` and `docvalue_fields`: names or `{field, format}`; names may hold `*`. */
export function parseFieldSelectors(value: unknown, where: string): readonly FieldSelector[] {
  const list = toList(value)
  if (list.length > maxSelectors) throw refused(`more than ${maxSelectors} entries in [${where}]`)
  return list.map((one) => {
    if (typeof one === 'string') return { field: checkFields(one, where) }
    const reader = readObject(one, where)
    const field = checkFields(required(reader.text('field'), 'field', where), where)
    const format = reader.text('format')
    if (reader.flag('include_unmapped') === true)
      throw refused(`[include_unmapped] is not accepted in [${where}]`)
    reader.end()
    if (format === undefined || format === 'use_field_mapping') return { field }
    return { field, format: checkDateFormat(format) }
  })
}

/** Fields of a record. The metadata fields, `_seq_no` and `_index` among them, tell about the store: how much others have in it. */
function checkFields(pattern: string, where: string): string {
  // Elasticsearch leaves metadata fields out of wildcards, but for these: `*_no` would be `_seq_no`.
  const isWide = where === 'docvalue_fields' && pattern.startsWith('*')
  if (isWide || pattern.startsWith('_'))
    throw refused(`field [${pattern}] is not accepted in [${where}]`)
  return checkPattern(pattern, where)
}

function checkPattern(pattern: string, where: string): string {
  if (pattern === '' || pattern.length > 512) throw malformed(`[${where}] needs a field name`)
  return pattern
}

/** `_source`: true, false, a pattern, a list of patterns, or `{includes, excludes}`. */
export function parseSource(value: unknown): SourceFilter {
  if (value === undefined) return true
  if (typeof value === 'boolean') return value
  if (typeof value === 'string' || Array.isArray(value))
    return { includes: patterns(value), excludes: [] }
  const reader = readObject(value, '_source')
  const includes = patterns(reader.take('includes') ?? reader.take('include'))
  const excludes = patterns(reader.take('excludes') ?? reader.take('exclude'))
  reader.end()
  return { includes, excludes }
}

function patterns(value: unknown): readonly string[] {
  const list = toList(value)
  if (list.length > maxSelectors) throw refused(`more than ${maxSelectors} entries in [_source]`)
  return list.map((one) => {
    if (typeof one !== 'string') throw malformed('[_source] must hold texts')
    return checkPattern(one, '_source')
  })
}

/** Fields come back whole, so how to cut and order fragments is read and dropped. */
export function parseHighlight(value: unknown): Highlight | undefined {
  if (value === undefined) return undefined
  const reader = readObject(value, 'highlight')
  const fields = toList(reader.take('fields')).flatMap((one) => {
    const inner = readObject(one, 'fields')
    return inner.rest().map((field) => {
      const options = readObject(inner.take(field) ?? {}, field)
      dropFragments(options)
      options.end()
      return checkFields(field, 'highlight')
    })
  })
  if (fields.length > maxSelectors) throw refused(`more than ${maxSelectors} fields in [highlight]`)
  const preTag = tag(reader.take('pre_tags'), '<em>')
  const postTag = tag(reader.take('post_tags'), '</em>')
  const requireFieldMatch = reader.flag('require_field_match') ?? true
  dropFragments(reader)
  reader.end()
  return { fields, preTag, postTag, requireFieldMatch }
}

function dropFragments(reader: ReturnType<typeof readObject>): void {
  reader.number('fragment_size')
  reader.number('number_of_fragments')
  reader.number('max_analyzed_offset')
  const type = reader.text('type')
  if (type !== undefined && !['unified', 'plain', 'fvh'].includes(type))
    throw refused(`highlighter [${type}] is not accepted`)
}

function tag(value: unknown, otherwise: string): string {
  const [first = otherwise] = toList(value)
  if (typeof first !== 'string' || first.length > 100)
    throw malformed('a highlight tag must be a text')
  return first
}
