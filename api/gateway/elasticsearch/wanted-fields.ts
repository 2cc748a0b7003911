import { malformed } from '@warren/searchdsl/errors'
import { limits } from '@warren/searchdsl/limits'
import { readObject, toList } from '@warren/searchdsl/object-reader'
import { parseStrictJson } from '@warren/searchdsl/strict-json'

const textsOf = (value: unknown): readonly string[] =>
  toList(value).flatMap((one) => {
    if (typeof one !== 'string') throw malformed('[fields] must hold texts')
    return one.split(',')
  })

/** Field patterns of `_field_caps`, from the address or, as Elastic's clients send them, from the body; none is every field.
 *  A body may hold nothing else: `index_filter` and `runtime_mappings` reach other data. Throws a `SearchError`. */
export function wantedFields(parameter: string | undefined, body: string): readonly string[] {
  const fromUrl = parameter === undefined ? [] : textsOf(parameter)
  if (body.trim() === '') return fromUrl.length === 0 ? ['*'] : fromUrl
  const reader = readObject(parseStrictJson(body, { depth: limits.jsonDepth }), '_field_caps')
  const fromBody = textsOf(reader.take('fields'))
  reader.end()
  const all = [...fromUrl, ...fromBody]
  return all.length === 0 ? ['*'] : all
}
