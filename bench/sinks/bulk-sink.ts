import { runSink, type SinkAnswer } from './sink.ts'

const lineFeed = 0x0a
const { latin1Slice } = Buffer.prototype

/** Ids by data stream: one that comes again is a conflict. */
const ids = new Map<string, Set<string>>()
let stored = 0
let refused = 0

interface Action {
  readonly create: { readonly _index: string; readonly _id: string }
}

interface Item {
  readonly _index: string
  readonly _id: string
  readonly status: number
  readonly error?: { readonly type: string; readonly reason: string }
}

const backingIndexOf = (stream: string) => `.ds-${stream}-2026.01.01-000001`

/** As Elasticsearch: an action, then a document that must be a JSON object with `@timestamp`. */
function create(action: Action, source: string): Item {
  const { _index: stream, _id: id } = action.create
  const place = { _index: backingIndexOf(stream), _id: id }
  const known = ids.get(stream) ?? new Set()
  ids.set(stream, known)
  if (known.has(id)) return { ...place, status: 409 }
  const document = JSON.parse(source) as Readonly<Record<string, unknown>>
  if (typeof document['@timestamp'] !== 'string') {
    refused += 1
    const error = { type: 'document_parsing_exception', reason: 'no [@timestamp]' }
    return { ...place, status: 400, error }
  }
  known.add(id)
  stored += 1
  return { ...place, status: 201 }
}

function* linesOf(body: Buffer): Generator<string> {
  for (let start = 0; start < body.length; ) {
    const end = body.indexOf(lineFeed, start)
    if (end < 0) throw new Error('the bulk request must end with a newline')
    yield latin1Slice.call(body, start, end)
    start = end + 1
  }
}

function bulk(body: Buffer, filter: string | null): SinkAnswer {
  const items: { create: Item }[] = []
  let action: Action | undefined
  for (const line of linesOf(body)) {
    if (action === undefined) action = JSON.parse(line) as Action
    else {
      items.push({ create: create(action, line) })
      action = undefined
    }
  }
  const errors = items.some(({ create: { status } }) => status >= 300)
  return { status: 200, json: filtered({ took: 1, errors, items }, filter) }
}

/** What `filter_path` leaves: https://www.elastic.co/docs/reference/elasticsearch/rest-apis/common-options */
function filtered(value: unknown, filter: string | null): unknown {
  if (filter === null) return value
  return kept(
    value,
    filter.split(',').map((path) => path.split('.')),
  )
}

function kept(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some(({ length }) => length === 0)) return value
  if (Array.isArray(value))
    return value.map((element) => kept(element, paths)).filter((element) => element !== undefined)
  if (typeof value !== 'object' || value === null) return undefined
  const entries = Object.entries(value).flatMap(([key, member]) => {
    const below = paths.filter(([first]) => first === key || first === '*')
    const left =
      below.length === 0
        ? undefined
        : kept(
            member,
            below.map(([, ...rest]) => rest),
          )
    return left === undefined ? [] : [[key, left] as const]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function resolve(pattern: string): SinkAnswer {
  const suffix = pattern.slice(pattern.lastIndexOf('-'))
  const names = [...ids.keys()].filter((name) => name.endsWith(suffix))
  const streams = names.map((name) => ({ name, backing_indices: backingIndexOf(name) }))
  return { status: 200, json: { indices: [], aliases: [], data_streams: streams } }
}

runSink(({ url, body }) => {
  const path = decodeURIComponent(url.pathname)
  if (path === '/_bulk') return bulk(body, url.searchParams.get('filter_path'))
  if (path.startsWith('/_resolve/index/')) return resolve(path)
  if (path === '/_cluster/health') return { status: 200, json: { status: 'green' } }
  if (path.startsWith('/_index_template/')) return { status: 200, json: { acknowledged: true } }
  return { status: 200, json: { stored, refused } }
})
