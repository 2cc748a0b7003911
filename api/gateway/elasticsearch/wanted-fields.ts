import { malformed, refused } from '@warren/searchdsl/errors'
import { limits } from '@warren/searchdsl/limits'
import { readObject, toList } from '@warren/searchdsl/read/object-reader'
import { checkPatternLength } from '@warren/searchdsl/read/spent'
import { parseStrictJson } from '@warren/searchdsl/read/strict-json'

const textsOf = (value: unknown): readonly string[] =>
  toList(value).flatMap((one) => {
    if (typeof one !== 'string') throw malformed('[fields] must hold texts')
    // One more than may be: so many are refused.
    return one.split(',', limits.names + 1)
  })

/** Field patterns of `_field_caps`, from the address or, as Elastic's clients send them, from the body; none is every field.
 *  A body may hold nothing else: `index_filter` and `runtime_mappings` reach other data. Throws a `SearchError`. */
export function wantedFields(parameter: string | undefined, body: string): readonly string[] {
  const fromUrl = parameter === undefined ? [] : textsOf(parameter)
  const all = [...fromUrl, ...(body.trim() === '' ? [] : fieldsOf(body))]
  if (all.length > limits.names) throw refused(`more than ${limits.names} patterns in [fields]`)
  for (const pattern of all) checkPatternLength(pattern)
  return all.length === 0 ? ['*'] : all
}

function fieldsOf(body: string): readonly string[] {
  const reader = readObject(parseStrictJson(body, { depth: limits.jsonDepth }), '_field_caps')
  const fields = textsOf(reader.take('fields'))
  reader.end()
  return fields
}
