import type { FieldType } from '@warren/stores/logs/log-store'

/** `attributes.*` keys are parts of one flattened field: each is asked for like a keyword. */
const shownType = (name: string, type: FieldType): string =>
  type === 'flattened' && name.includes('.') ? 'keyword' : type

function toMatcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split(/\*+/)
  if (parts.length === 1) return (name) => name === pattern
  return (name) => {
    let at = 0
    for (const [index, part] of parts.entries()) {
      const last = index === parts.length - 1
      const found = last ? name.length - part.length : name.indexOf(part, at)
      const fits = found >= at && name.startsWith(part, found) && (index > 0 || found === 0)
      if (!fits) return false
      at = found + part.length
    }
    return true
  }
}

const isAggregatable = (type: FieldType): boolean => type !== 'text'

/** The body of `_field_caps`: https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-field-caps */
export function toFieldCaps(
  indices: readonly string[],
  fields: ReadonlyMap<string, FieldType>,
  patterns: readonly string[],
) {
  const matchers = patterns.map(toMatcher)
  const chosen = [...fields].filter(([name]) => matchers.some((matches) => matches(name)))
  const entries = chosen.map(([name, type]) => {
    const shown = shownType(name, type)
    const caps = {
      type: shown,
      metadata_field: false,
      searchable: true,
      aggregatable: isAggregatable(type),
    }
    return [name, { [shown]: caps }] as const
  })
  return { indices, fields: Object.fromEntries(entries) }
}

interface Node {
  type?: string
  properties?: Map<string, Node>
}

const toJson = ({ type, properties }: Node): object => ({
  ...(type === undefined ? {} : { type }),
  ...(properties === undefined ? {} : { properties: propertiesToJson(properties) }),
})

const propertiesToJson = (properties: ReadonlyMap<string, Node>): object =>
  Object.fromEntries([...properties].map(([name, node]) => [name, toJson(node)]))

function childOf(node: Node, name: string): Node {
  node.properties ??= new Map()
  const child = node.properties.get(name) ?? {}
  node.properties.set(name, child)
  return child
}

/** Dotted names as the nested objects that a mapping shows. */
function toProperties(fields: ReadonlyMap<string, FieldType>): object {
  const root: Node = { properties: new Map() }
  for (const [name, type] of [...fields].sort(([a], [b]) => (a < b ? -1 : 1))) {
    let node = root
    for (const part of name.split('.')) node = childOf(node, part)
    node.type = shownType(name, type)
  }
  return propertiesToJson(root.properties ?? new Map())
}

/** The body of `_mapping`: every index has the same fields here, for the store knows them of all together. */
export function toMapping(indices: readonly string[], fields: ReadonlyMap<string, FieldType>) {
  const mappings = { properties: toProperties(fields) }
  return Object.fromEntries(indices.map((index) => [index, { mappings }]))
}

/** The body of `_resolve/index`: https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-resolve-index */
export function toResolved(streams: readonly string[]) {
  const data_streams = streams.map((name) => ({
    name,
    backing_indices: [],
    timestamp_field: '@timestamp',
  }))
  return { indices: [], aliases: [], data_streams }
}
