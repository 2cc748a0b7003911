import { Refusal } from '../../http/refusal.ts'

export type EndpointName =
  | 'info'
  | 'health'
  | 'msearch'
  | 'search'
  | 'fieldCaps'
  | 'mapping'
  | 'resolve'

export interface Endpoint {
  readonly name: EndpointName
  /** The index expression of the path; undefined: every index. */
  readonly index: string | undefined
}

interface Entry {
  readonly name: EndpointName
  readonly methods: readonly string[]
}

const read = ['GET', 'HEAD']
const ask = ['GET', 'POST']

/** Without an index, or after one. */
const indexEndpoints: Readonly<Record<string, Entry>> = {
  _msearch: { name: 'msearch', methods: ask },
  _search: { name: 'search', methods: ask },
  _field_caps: { name: 'fieldCaps', methods: ask },
  _mapping: { name: 'mapping', methods: read },
}

function findEntry(segments: readonly string[]): (Entry & Endpoint) | undefined {
  const [first, second, third, ...more] = segments
  if (first === undefined) return { name: 'info', methods: read, index: undefined }
  if (first === '_resolve' && second === 'index' && third !== undefined && more.length === 0)
    return { name: 'resolve', methods: read, index: third }
  if (third !== undefined) return undefined
  if (first === '_cluster' && second === 'health')
    return { name: 'health', methods: read, index: undefined }
  const key = second ?? first
  const entry = Object.hasOwn(indexEndpoints, key) ? indexEndpoints[key] : undefined
  // Nothing that starts with _ is an index, but `_all`.
  const isIndex = second === undefined || !first.startsWith('_') || first === '_all'
  if (entry === undefined || !isIndex) return undefined
  return { ...entry, index: second === undefined ? undefined : first }
}

/** What a request asks for. Everything that is not in the table is refused: with 403, or 405 for a method that writes. */
export function endpointOf(method: string, segments: readonly string[]): Endpoint {
  const entry = findEntry(segments)
  if (entry === undefined)
    throw new Refusal('forbidden', `the gateway does not pass on ${method} /${segments.join('/')}`)
  if (!entry.methods.includes(method))
    throw new Refusal(
      'method_not_allowed',
      `Incorrect HTTP method for uri [/${segments.join('/')}] and method [${method}], allowed: [${entry.methods.join(', ')}]`,
    )
  return { name: entry.name, index: entry.index }
}
