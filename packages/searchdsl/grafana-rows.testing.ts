/** What becomes of a request that Grafana's Elasticsearch data source sends, by its content alone. */

/** A captured request. */
export interface GrafanaRow {
  readonly id: string
  readonly note: string
  readonly method: string
  /** As sent, `%` escapes kept. */
  readonly path: string
  /** Without the question mark. */
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** `answered`: by the gateway itself. `compared`: both log stores are asked and agree. `rebuilt`: the Elasticsearch that tests can run lacks its module, so the
 *  body that it would get and answers computed by hand are checked (`normal-form.testing.ts`, `evaluate/rebuilt-rows.shared.test.ts`). `refused`: with this text, by decision 36 or because Elasticsearch would refuse it too. */
export type RowClass =
  | { readonly kind: 'answered' | 'compared' | 'rebuilt' }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: RegExp }

const refused = (status: number, reason: RegExp): RowClass => ({ kind: 'refused', status, reason })

interface Rule<Subject> {
  readonly when: (subject: Subject) => boolean
  readonly is: RowClass
}

const classOf = <Subject>(rules: readonly Rule<Subject>[], subject: Subject, otherwise: RowClass) =>
  rules.find(({ when }) => when(subject))?.is ?? otherwise

const endsWith = (...ends: readonly string[]) => {
  return ({ path }: GrafanaRow) => ends.some((end) => path.endsWith(end))
}

/** Of a request that is no `_msearch`. */
const requestRules: readonly Rule<GrafanaRow>[] = [
  { when: endsWith('/_query'), is: refused(403, /does not pass on POST \/_query/) },
  {
    when: ({ method }) => !['GET', 'HEAD', 'POST'].includes(method),
    is: refused(405, /Incorrect HTTP method/),
  },
  { when: ({ body }) => body.includes('"index_filter"'), is: refused(400, /\[index_filter\]/) },
  {
    when: (row) => endsWith('/', '/_cluster/health', '/_mapping', '/_field_caps')(row),
    is: { kind: 'answered' },
  },
  { when: ({ path }) => path.includes('/_resolve/index/'), is: { kind: 'answered' } },
]

export function classOfRequest(row: GrafanaRow): RowClass {
  return classOf(requestRules, row, refused(403, /does not pass on/))
}

export const isMsearch = endsWith('/_msearch')

/** The searches of an `_msearch` body, as texts. */
export function searchesOf({ body }: GrafanaRow): readonly string[] {
  return body
    .replace(/\n$/, '')
    .split('\n')
    .filter((_, at) => at % 2 === 1)
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every aggregation at any depth: its type and body. */
function aggregationsOf(search: unknown): readonly (readonly [string, Json])[] {
  const aggs = isObject(search) ? (search['aggs'] ?? search['aggregations']) : undefined
  if (!isObject(aggs)) return []
  return Object.values(aggs).flatMap((named) => {
    const own = Object.entries(isObject(named) ? named : {}).filter(
      ([key]) => !['aggs', 'aggregations', 'meta'].includes(key),
    )
    return [
      ...own.map(([type, body]) => [type, isObject(body) ? body : {}] as const),
      ...aggregationsOf(named),
    ]
  })
}

const pipelines = new Set(['bucket_script', 'moving_fn', 'moving_avg'])

const hasType = (...types: readonly string[]) => {
  return (search: unknown) => aggregationsOf(search).some(([type]) => types.includes(type))
}

/** Whether a `bucket_script` names an aggregation that is not in the search. */
function leadsNowhere(search: unknown): boolean {
  const text = JSON.stringify(search)
  return aggregationsOf(search).some(
    ([type, { buckets_path: paths }]) =>
      type === 'bucket_script' &&
      Object.values(isObject(paths) ? paths : {}).some(
        (path) => path !== '_count' && !text.includes(`"${String(path).split(/[.[]/)[0]}":{`),
      ),
  )
}

/** Lucene reads a slash as the start of a regular expression, unless it is escaped, quoted or in the midst of a word. */
function hasOpenExpression(search: unknown): boolean {
  const texts = [...JSON.stringify(search).matchAll(/"query":("(?:[^"\\]|\\.)*")/g)]
  return texts.some(([, text = '""']) => {
    const plain = String(JSON.parse(text)).replace(/\\[\s\S]|"[^"]*"/g, '')
    return (plain.match(/\//g) ?? []).length % 2 === 1
  })
}

/** Of one search. */
const searchRules: readonly Rule<unknown>[] = [
  {
    when: (search) =>
      isObject(search) &&
      ['runtime_mappings', 'script_fields'].some(
        (key) => Object.keys(isObject(search[key]) ? search[key] : {}).length > 0,
      ),
    is: refused(400, /\[(runtime_mappings|script_fields)\] is not accepted/),
  },
  {
    when: (search) =>
      aggregationsOf(search).some(([type, body]) => 'script' in body && !pipelines.has(type)),
    is: refused(400, /\[script\] is not accepted in .*: scripts are not accepted/),
  },
  { when: hasType('geohash_grid'), is: refused(400, /log records have no geo_point field/) },
  { when: hasType('nested'), is: refused(400, /log records have no nested field/) },
  { when: leadsNowhere, is: refused(400, /No aggregation found for path/) },
  { when: hasOpenExpression, is: refused(400, /Failed to parse query/) },
  {
    when: hasType('bucket_script', 'derivative', 'moving_avg', 'moving_fn', 'rate', 'top_metrics'),
    is: { kind: 'rebuilt' },
  },
]

export function classOfSearch(search: unknown): RowClass {
  return classOf(searchRules, search, { kind: 'compared' })
}
